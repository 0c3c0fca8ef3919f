// Starts a worker process: leader of its own group, clean environment, no descriptors but 0 to 3.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "hub/base/error.hpp"

namespace sendhub::worker {

class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor();
    [[nodiscard]] int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }
    void reset() { Descriptor().swap(*this); }
    void swap(Descriptor& other) noexcept { std::swap(fd_, other.fd_); }

  private:
    int fd_ = -1;
};

struct WorkerProcess {
    pid_t pid = -1;     // also the id of its group
    Descriptor ended;   // a pidfd: readable when the process has ended
    Descriptor error;   // what it says on standard error
    Descriptor report;  // what it says on descriptor 3
};

// binary is started with `worker` and args; input becomes its standard input.
[[nodiscard]] Result<WorkerProcess> start_worker(const std::filesystem::path& binary,
                                                 const std::vector<std::string>& args,
                                                 const std::string& input);

}  // namespace sendhub::worker
