#include "hub/config/secrets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/nearest.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sendhub;
using namespace sendhub::config;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

class Secrets : public ::testing::Test {
  protected:
    void write(const char* name, std::string_view text, mode_t mode) {
        std::ofstream(folder_ / name) << text;
        ::chmod((folder_ / name).c_str(), mode);
    }
    TemporaryFolder temporary_;
    const std::filesystem::path& folder_ = temporary_.path;
};

std::string why(const Result<std::string>& result) {
    return result ? "(it was read)" : result.error().sentence;
}

}  // namespace

TEST_F(Secrets, are_read_from_where_the_reference_points) {
    ::setenv("SENDHUB_TEST_SECRET", "from-env", 1);
    EXPECT_EQ(resolve_secret("env:SENDHUB_TEST_SECRET", folder_), "from-env");
    ::unsetenv("SENDHUB_TEST_SECRET");
    EXPECT_THAT(why(resolve_secret("env:SENDHUB_TEST_SECRET", folder_)), HasSubstr("SENDHUB_TEST_SECRET"));

    write("key", "from-file\n", 0600);
    EXPECT_EQ(resolve_secret("file:key", folder_), "from-file");
    EXPECT_EQ(resolve_secret("file:" + (folder_ / "key").string(), "/elsewhere"), "from-file");

    ::unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_THAT(why(resolve_secret("credential:key", folder_)), HasSubstr("LoadCredential=key"));
    ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
    EXPECT_EQ(resolve_secret("credential:key", "/elsewhere"), "from-file");
    EXPECT_THAT(why(resolve_secret("credential:../key", folder_)), HasSubstr("a secret must be given as"));
    ::unsetenv("CREDENTIALS_DIRECTORY");
}

TEST_F(Secrets, a_file_that_others_can_read_is_refused) {
    for (const mode_t mode : {0640, 0604, 0660, 0644}) {
        write("open", "hunter2", mode);
        EXPECT_THAT(why(resolve_secret("file:open", folder_)), HasSubstr("chmod 0600")) << mode;
        EXPECT_THAT(why(resolve_secret("file:open", folder_)), Not(HasSubstr("hunter2")));
    }
    write("read_only", "x", 0400);
    EXPECT_EQ(resolve_secret("file:read_only", folder_), "x");
    write("empty", "\n", 0600);
    EXPECT_THAT(why(resolve_secret("file:empty", folder_)), HasSubstr("it is empty"));
    EXPECT_THAT(why(resolve_secret("file:absent", folder_)), HasSubstr("No such file"));
    EXPECT_THAT(why(resolve_secret("file:.", folder_)), HasSubstr("not a regular file"));
    write("large", std::string(70000, 'x'), 0600);
    EXPECT_THAT(why(resolve_secret("file:large", folder_)), HasSubstr("larger than 64 KiB"));
}

TEST_F(Secrets, a_text_that_is_no_reference_is_never_repeated) {
    for (const char* text :
         {"hunter2", "", "env:", "env:a b", "file:", "credential:a/b", "https://hunter2"}) {
        EXPECT_FALSE(is_secret_reference(text)) << text;
        EXPECT_THAT(why(resolve_secret(text, folder_)), Not(HasSubstr("hunter2")));
    }
    for (const char* text : {"env:A_1", "file:/etc/x y", "credential:mesh.key"})
        EXPECT_TRUE(is_secret_reference(text)) << text;
}

TEST(Nearest, one_slip_costs_one) {
    EXPECT_EQ(edit_distance("", "abc"), 3u);
    EXPECT_EQ(edit_distance("page_size", "page_size"), 0u);
    EXPECT_EQ(edit_distance("pgae_size", "page_size"), 1u) << "neighbours swapped";
    EXPECT_EQ(edit_distance("pagesize", "page_size"), 1u);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
    constexpr std::string_view known[] = {"listen", "public_base_url", "page_size"};
    EXPECT_EQ(nearest("page_szie", known), "page_size");
    EXPECT_EQ(nearest("colour", known), "");
    EXPECT_EQ(nearest("x", known), "");
    EXPECT_EQ(nearest_hint("colour", known), "; known here: listen, public_base_url, page_size");
}
