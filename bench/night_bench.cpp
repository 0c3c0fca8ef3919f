// Whole nights of the synthetic county through the real binary: seconds and peak memory of the first night
// and of a second one with about 1 % changed.
//   bench_night SENDHUB DIR PUPILS SEED
// Memory is the sum of the resident set over the hub and its workers, looked at every 20 ms (shared pages
// count once a process, so the true figure is a little lower).
#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Run {
    int code;
    double seconds;
    double peak_mib;
};

// Resident kilobytes of a process and all that descend from it.
long resident_of_tree(pid_t root) {
    std::multimap<pid_t, pid_t> children;
    std::map<pid_t, long> resident;
    const long page_kb = ::sysconf(_SC_PAGESIZE) / 1024;
    for (const auto& entry : std::filesystem::directory_iterator(
             "/proc", std::filesystem::directory_options::skip_permission_denied)) {
        const std::string name = entry.path().filename();
        if (name.empty() || name[0] < '0' || name[0] > '9') continue;
        std::ifstream stat(entry.path() / "stat");
        std::string text;
        if (!std::getline(stat, text)) continue;  // it has ended meanwhile
        const auto end = text.rfind(')');
        if (end == std::string::npos) continue;
        std::istringstream rest(text.substr(end + 2));
        std::string state;
        pid_t parent = 0;
        rest >> state >> parent;
        std::string skip;
        for (int i = 0; i < 19; ++i) rest >> skip;
        long pages = 0;
        rest >> pages;
        const auto pid = static_cast<pid_t>(std::stol(name));
        children.emplace(parent, pid);
        resident[pid] = pages * page_kb;
    }
    long sum = 0;
    std::vector<pid_t> open{root};
    while (!open.empty()) {
        const pid_t pid = open.back();
        open.pop_back();
        sum += resident[pid];
        for (auto [it, last] = children.equal_range(pid); it != last; ++it) open.push_back(it->second);
    }
    return sum;
}

Run run(const std::vector<std::string>& command, bool quiet) {
    const auto begin = std::chrono::steady_clock::now();
    const pid_t pid = ::fork();
    if (pid == 0) {
        if (quiet && !std::freopen("/dev/null", "w", stdout)) ::_exit(126);
        std::vector<char*> argv;
        for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
        argv.push_back(nullptr);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    long peak = 0;
    int status = 0;
    while (::waitpid(pid, &status, WNOHANG) == 0) {
        peak = std::max(peak, resident_of_tree(pid));
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), seconds,
            static_cast<double>(peak) / 1024};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fprintf(stderr, "use: bench_night SENDHUB DIR PUPILS SEED\n");
        return 2;
    }
    const std::string sendhub = argv[1], dir = argv[2], pupils = argv[3], seed = argv[4];
    std::filesystem::remove_all(dir);
    for (const char* night : {"1", "2"}) {
        const Run made =
            run({sendhub, "demo", "--pupils", pupils, "--seed", seed, "--dir", dir, "--night", night}, true);
        if (made.code != 0) return 1;
        const Run synced = run({sendhub, "--config", dir + "/hub.toml", "sync"}, true);
        std::printf("%s pupils, %s night: %6.1f s, peak %6.0f MiB, exit code %d   (the generator: %.1f s)\n",
                    pupils.c_str(), night[0] == '1' ? "first " : "second", synced.seconds, synced.peak_mib,
                    synced.code, made.seconds);
        std::fflush(stdout);
        if (synced.code != 0 && synced.code != 3) return 1;
    }
    std::filesystem::remove_all(dir);
    return 0;
}
