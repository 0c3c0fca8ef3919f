#include "hub/schedule/stop_signal.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <condition_variable>
#include <future>
#include <mutex>

namespace sendhub::schedule {
namespace {

using std::chrono::milliseconds;

void wait_for_stop(const std::stop_token& token) {
    std::mutex mutex;
    std::condition_variable_any wait;
    std::unique_lock lock(mutex);
    wait.wait_for(lock, token, std::chrono::seconds(20), [] { return false; });
}

TEST(StopSignal, a_run_that_ends_in_time_is_left_alone) {
    bool too_late = false;
    {
        const StopSignal stop([&] { too_late = true; }, std::chrono::seconds(20));
        EXPECT_FALSE(stop.token().stop_requested());
        ::kill(::getpid(), SIGTERM);
        wait_for_stop(stop.token());
        EXPECT_TRUE(stop.token().stop_requested());
    }
    EXPECT_FALSE(too_late);
}

TEST(StopSignal, a_run_that_goes_on_after_the_grace_is_too_late) {
    std::promise<void> called;
    const StopSignal stop([&] { called.set_value(); }, milliseconds(20));
    ::kill(::getpid(), SIGINT);
    EXPECT_EQ(called.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

TEST(StopSignal, a_second_signal_does_not_wait_for_the_grace) {
    std::promise<void> called;
    const StopSignal stop([&] { called.set_value(); }, std::chrono::seconds(600));
    ::kill(::getpid(), SIGTERM);
    wait_for_stop(stop.token());
    ::kill(::getpid(), SIGTERM);
    EXPECT_EQ(called.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

TEST(StopSignal, nothing_happens_without_a_signal) {
    bool too_late = false;
    {
        const StopSignal stop([&] { too_late = true; }, milliseconds(0));
    }
    EXPECT_FALSE(too_late);
}

}  // namespace
}  // namespace sendhub::schedule
