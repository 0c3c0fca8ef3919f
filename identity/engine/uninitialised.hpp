// An allocator for large arrays of numbers that are written before they are read: resize() touches no memory,
// so that the threads that write it meet it first, each its own part.
#pragma once

#include <memory>

namespace sendhub::identity {

template <class T>
struct Uninitialised : std::allocator<T> {
    template <class U>
    struct rebind {
        using other = Uninitialised<U>;
    };
    template <class U>
    void construct(U* place) {
        ::new (static_cast<void*>(place)) U;
    }
    template <class U, class... Values>
    void construct(U* place, Values&&... values) {
        std::construct_at(place, std::forward<Values>(values)...);
    }
};

}  // namespace sendhub::identity
