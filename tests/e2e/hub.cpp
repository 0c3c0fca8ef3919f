#include "tests/e2e/hub.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <fcntl.h>
#include <signal.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "base/duckdb.hpp"

namespace sendhub::e2e {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("could not read " + file.string());
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

std::vector<std::string> csv_cells(const std::string& line) {
    std::vector<std::string> cells{""};
    bool quoted = false;
    for (const char c : line) {
        if (c == '"') quoted = !quoted;
        if (c == ',' && !quoted)
            cells.emplace_back();
        else if (c != '\r')
            cells.back() += c;
    }
    return cells;
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

namespace {

Output run_binary(const std::vector<std::string>& arguments,
                  const std::map<std::string, std::string>& environment) {
    const std::string binary = std::string(SENDHUB_BINARY_DIR) + "/bin/sendhub";
    char out_name[] = "/tmp/sendhub-e2e-out-XXXXXX", err_name[] = "/tmp/sendhub-e2e-err-XXXXXX";
    const int out = ::mkstemp(out_name), err = ::mkstemp(err_name);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::dup2(out, 1);
        ::dup2(err, 2);
        for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
        std::vector<char*> argv{const_cast<char*>(binary.c_str())};
        for (const auto& word : arguments) argv.push_back(const_cast<char*>(word.c_str()));
        argv.push_back(nullptr);
        ::execv(binary.c_str(), argv.data());
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    ::close(out);
    ::close(err);
    Output result{WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read(out_name),
                  read(err_name)};
    ::unlink(out_name);
    ::unlink(err_name);
    return result;
}

// One for the whole process: to open a database takes longer than to read a dataset.
duck::Connection& memory() {
    static duck::Connection connection = [] {
        auto db = duck::Database::open("", {{"threads", "1"}});
        if (!db) throw std::runtime_error(db.error().sentence);
        auto opened = db->connect();
        if (!opened) throw std::runtime_error(opened.error().sentence);
        return std::move(*opened);
    }();
    return connection;
}

}  // namespace

Hub::Hub(std::uint64_t pupils, std::uint64_t seed) : pupils_(pupils), seed_(seed) {
    const Output made = run_binary(
        {"demo", "--pupils", std::to_string(pupils), "--seed", std::to_string(seed), "--dir", dir_.string()},
        {});
    if (made.code != 0) throw std::runtime_error("sendhub demo failed: " + made.err);
    // files made a moment ago count as whole: the tests wait for nothing
    std::string settings = read(dir_ / "hub.toml");
    for (std::size_t at = 0; (at = settings.find(".fetch]\n", at)) != std::string::npos; at += 8)
        settings.insert(at + 8, "settle_seconds = 0\n");
    write(dir_ / "hub.toml", settings);
}

Output Hub::run(std::vector<std::string> arguments,
                const std::map<std::string, std::string>& environment) const {
    arguments.insert(arguments.begin(), {"--config", (dir_ / "hub.toml").string()});
    return run_binary(arguments, environment);
}

void Hub::next_night(int night) const {
    const Output made =
        run_binary({"demo", "--pupils", std::to_string(pupils_), "--seed", std::to_string(seed_), "--dir",
                    dir_.string(), "--night", std::to_string(night)},
                   {});
    if (made.code != 0) throw std::runtime_error("sendhub demo failed: " + made.err);
}

void Hub::copy_from(const Hub& other) const {
    fs::remove_all(dir_);
    fs::copy(other.dir_, dir_, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
}

std::string Hub::version() const {
    std::error_code error;
    const auto target = fs::read_symlink(state() / "published" / "current", error);
    return error ? "" : target.string();
}

std::vector<std::string> Hub::datasets() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(state() / "published" / "current"))
        if (entry.is_directory()) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<std::string> Hub::content(const std::string& dataset) const {
    auto& connection = memory();
    const std::string file = (state() / "published" / "current" / dataset / "data.parquet").string();
    auto described =
        connection.query("describe select * from read_parquet(" + duck::quoted_text(file) + ")", {});
    if (!described) throw std::runtime_error(described.error().sentence);
    std::string columns;
    while (described->next()) {
        const std::string name(described->text(0)), type(described->text(1));
        if (type.starts_with("TIMESTAMP") || name.ends_with("run_id") || name.ends_with("batch_id")) continue;
        columns +=
            (columns.empty() ? "" : ", ") + ("coalesce(" + duck::quoted_name(name) + "::varchar, '(null)')");
    }
    auto rows = connection.query("select concat_ws(chr(31), " + columns + ") from read_parquet(" +
                                     duck::quoted_text(file) + ") order by 1",
                                 {});
    if (!rows) throw std::runtime_error(rows.error().sentence);
    std::vector<std::string> lines;
    while (rows->next()) lines.emplace_back(rows->text(0));
    return lines;
}

std::map<std::string, std::vector<std::string>> Hub::everything() const {
    std::map<std::string, std::vector<std::string>> all;
    for (const auto& dataset : datasets())
        if (dataset != "feed_health")
            all[dataset] = content(dataset);  // feed_health tells of the runs themselves
    return all;
}

std::string Hub::ask(std::string sql) const {
    for (std::size_t begin; (begin = sql.find('{')) != std::string::npos;) {
        const std::size_t end = sql.find('}', begin);
        const std::string dataset = sql.substr(begin + 1, end - begin - 1);
        sql.replace(
            begin, end - begin + 1,
            "read_parquet(" +
                duck::quoted_text((state() / "published" / "current" / dataset / "data.parquet").string()) +
                ")");
    }
    auto& connection = memory();
    auto rows = connection.query("select (" + sql + ")::varchar", {});
    if (!rows) throw std::runtime_error(rows.error().sentence);
    if (!rows->next() || rows->is_null(0)) return "";
    return std::string(rows->text(0));
}

void Hub::edit(const fs::path& file, const std::string& from, const std::string& to) const {
    std::string text = read(file);
    const auto at = text.find(from);
    if (at == std::string::npos)
        throw std::runtime_error(file.string() + " does not hold the text to replace");
    text.replace(at, from.size(), to);
    write(file, text);
}

void Hub::append(const fs::path& file, const std::string& text) const { write(file, read(file) + text); }

std::string binary() { return std::string(SENDHUB_BINARY_DIR) + "/bin/sendhub"; }

Daemon::Daemon(const Hub& hub, const std::map<std::string, std::string>& environment)
    : log_file_(hub.dir() / "daemon.log") {
    std::string settings = read(hub.dir() / "hub.toml");
    std::string kept;
    std::istringstream lines(settings);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("public_base_url")) continue;
        kept += (line.starts_with("listen") ? "listen = \"127.0.0.1:0\"" : line) + "\n";
    }
    std::ofstream(hub.dir() / "hub.toml", std::ios::binary) << kept;
    pid_ = ::fork();
    if (pid_ == 0) {
        const int log = ::open(log_file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        ::dup2(log, 1);
        ::dup2(log, 2);
        for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
        const std::string binary = std::string(SENDHUB_BINARY_DIR) + "/bin/sendhub",
                          config = (hub.dir() / "hub.toml").string();
        ::execl(binary.c_str(), binary.c_str(), "--config", config.c_str(), "--log-format", "json", "serve",
                nullptr);
        ::_exit(127);
    }
    for (int i = 0; i < 1500 && url_.empty(); ++i) {
        ::usleep(20'000);
        const std::string text = log();
        if (const auto at = text.find("\"url\":\"");
            at != std::string::npos && text.find('\n', at) != std::string::npos)
            url_ = text.substr(at + 7, text.find('"', at + 7) - at - 7);
    }
    if (url_.empty()) throw std::runtime_error("the daemon did not start: " + log());
}

Daemon::~Daemon() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
}

std::string Daemon::log() const { return fs::exists(log_file_) ? read(log_file_) : ""; }
void Daemon::signal(int number) const { ::kill(pid_, number); }
int Daemon::stop() {
    ::kill(pid_, SIGTERM);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace sendhub::e2e
