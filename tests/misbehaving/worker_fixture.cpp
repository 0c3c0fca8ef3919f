// The hub's binary, as far as the tests of the worker need it.
#include <cstdio>
#include <cstring>

#include "hub/worker/worker_main.hpp"

int main(int argc, char** argv) {
    if (argc > 1 && std::strcmp(argv[1], "worker") == 0)
        return sendhub::worker::worker_main({argv + 2, argv + argc});
    std::fputs("this only stands in for sendhub\n", stderr);
    return 2;
}
