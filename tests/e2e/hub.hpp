// A hub in a folder of its own, run as a person would: the real binary, a synthetic county, real files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"

namespace sendhub::e2e {

struct Output {
    int code = -1;  // exit code; 128 + signal when one ended it
    std::string out, err;
};

class Hub {
  public:
    // Makes the county. The folder goes with the object.
    explicit Hub(std::uint64_t pupils = 400, std::uint64_t seed = 7);

    Output run(std::vector<std::string> arguments,
               const std::map<std::string, std::string>& environment = {}) const;
    Output sync(const std::map<std::string, std::string>& environment = {}) const {
        return run({"sync"}, environment);
    }
    void next_night(int night) const;        // the county's next day
    void copy_from(const Hub& other) const;  // the same folder, settings and state

    [[nodiscard]] std::filesystem::path dir() const { return dir_; }
    [[nodiscard]] std::filesystem::path state() const { return dir_ / "state"; }
    [[nodiscard]] std::string version() const;  // that published/current names; empty: none
    // The rows of a dataset of the current publication as text, without times and ids of runs and batches,
    // sorted.
    [[nodiscard]] std::vector<std::string> content(const std::string& dataset) const;
    [[nodiscard]] std::vector<std::string> datasets() const;
    [[nodiscard]] std::map<std::string, std::vector<std::string>> everything() const;
    // The first column of the only row of a query over the publication; {NAME} stands for a dataset.
    [[nodiscard]] std::string ask(std::string sql) const;

    void edit(const std::filesystem::path& file, const std::string& from,
              const std::string& to) const;  // throws unless it is there
    void append(const std::filesystem::path& file, const std::string& text) const;

  private:
    TemporaryFolder temporary_;
    const std::filesystem::path& dir_ = temporary_.path;
    std::uint64_t pupils_, seed_;
};

// `sendhub serve` of a hub on a free port, until the object goes.
class Daemon {
  public:
    explicit Daemon(const Hub& hub, const std::map<std::string, std::string>& environment = {});
    ~Daemon();
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] std::string log() const;
    void signal(int number) const;
    int stop();  // SIGTERM; the exit code

  private:
    std::filesystem::path log_file_;
    std::string url_;
    int pid_ = -1;
};

std::string binary();  // the path of sendhub
std::string read(const std::filesystem::path& file);
void write(const std::filesystem::path& file, const std::string& text);
std::vector<std::string> csv_cells(const std::string& line);  // quotation marks stay
std::string lower(std::string text);                          // ASCII letters

}  // namespace sendhub::e2e
