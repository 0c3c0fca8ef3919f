// `sendhub serve`: the nightly schedule and HTTP in one process, until SIGTERM or SIGINT; SIGHUP reads the
// settings again.
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <functional>
#include <thread>

#include "base/files.hpp"
#include "base/log.hpp"
#include "hub/cli/commands.hpp"
#include "hub/cli/people_session.hpp"
#include "hub/schedule/night_process.hpp"
#include "hub/schedule/night_schedule.hpp"
#include "hub/serve/server.hpp"

namespace sendhub::cli {
int serve(const std::filesystem::path& path, const std::vector<std::string>& log_options) {
    const auto config = load(path);
    if (!config) return config.error();
    if (const auto opened = open_state_folder(config->hub.state); !opened) return failed(opened.error());

    boost::asio::io_context io;
    serve::ServeSettings settings;
    const bool v6 = config->serve.address.find(':') != std::string::npos;
    settings.listen = (v6 ? "[" + config->serve.address + "]" : config->serve.address) + ":" +
                      std::to_string(config->serve.port);
    settings.public_base_url = config->serve.public_base_url;
    settings.state = config->hub.state;
    settings.page_size = static_cast<std::size_t>(config->serve.page_size);
    settings.store_door = store_door(config->hub.state, 0);  // a night is not waited for: 503, try again
    serve::Server server(io, settings);
    if (const auto started = server.start(); !started) return failed(started.error());
    schedule::NightProcess process;
    process.global_options = log_options;
    schedule::Nights nights(*config, path,
                            [process](const config::Config& settings, const std::vector<std::string>& feeds,
                                      std::stop_token stop) {
                                return schedule::run_night_process(process, settings, feeds, std::move(stop));
                            });
    if (const auto started = nights.start(); !started) return failed(started.error());
    log::info("serve.begin", "serving", {{"url", config::base_url(config->serve, server.port())}});

    boost::asio::signal_set end(io, SIGTERM, SIGINT), hang_up(io, SIGHUP);
    end.async_wait([&](const boost::system::error_code& error, int) {
        if (error) return;
        log::info("serve.drain", "asked to stop: finishing what is under way");
        hang_up.cancel();
        nights.ask_to_stop();
        server.drain([&] { io.stop(); });
    });
    std::function<void()> wait_for_hang_up = [&] {
        hang_up.async_wait([&](const boost::system::error_code& error, int) {
            if (error) return;
            if (const auto done = nights.reload(); done)
                log::info("serve.reload",
                          "the settings were read again; those of [serve] apply after a restart");
            else
                log::error("serve.reload", done.error());
            wait_for_hang_up();
        });
    };
    wait_for_hang_up();

    std::thread second([&] { io.run(); });
    io.run();
    second.join();
    nights.stop();
    log::info("serve.end", "stopped");
    return 0;
}

}  // namespace sendhub::cli
