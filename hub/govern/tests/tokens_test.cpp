#include "hub/govern/tokens.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <set>
#include <thread>

#include "hub/base/files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sendhub::govern {
namespace {

struct Tokens : ::testing::Test {
    TemporaryFolder folder;
    std::filesystem::path file = folder.path / "tokens.json";

    CreatedToken make(std::vector<Role> roles = {Role::viewer}) {
        auto made =
            create_token(file, {.name = "a test", .roles = std::move(roles), .datasets = {}, .expires = {}});
        EXPECT_TRUE(made.has_value()) << made.error().sentence;
        return std::move(*made);
    }
};

TEST_F(Tokens, AKeyIsKnownAfterItIsMadeAndItsSecretIsNotInTheFile) {
    const auto made = make({Role::analyst, Role::operator_});
    ASSERT_EQ(made.key.size(), 4u + 10 + 1 + 32);
    EXPECT_TRUE(made.key.starts_with("shk_" + made.token.id + "_"));
    TokenStore store(file);
    const auto caller = store.check(made.key);
    ASSERT_TRUE(caller.has_value()) << caller.error().sentence;
    EXPECT_EQ(caller->id, made.token.id);
    EXPECT_EQ(caller->roles, (std::vector{Role::analyst, Role::operator_}));
    const std::string text = *read_file(file);
    EXPECT_EQ(text.find(made.key.substr(15)), std::string::npos);
    struct stat info{};
    ASSERT_EQ(::stat(file.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(Tokens, EveryChangedCharacterOfAKeyIsRefused) {
    const auto made = make();
    TokenStore store(file);
    for (std::size_t i = 0; i < made.key.size(); ++i) {
        std::string key = made.key;
        key[i] = key[i] == 'a' ? 'b' : 'a';
        const auto caller = store.check(key);
        ASSERT_FALSE(caller.has_value()) << "position " << i;
        EXPECT_EQ(caller.error().code, ErrorCode::denied);
        EXPECT_EQ(caller.error().sentence.find(made.token.id), std::string::npos);
    }
    EXPECT_FALSE(store.check("").has_value());
    EXPECT_FALSE(store.check(made.key + "a").has_value());
    EXPECT_FALSE(store.check(std::string_view(made.key).substr(0, made.key.size() - 1)).has_value());
    EXPECT_TRUE(store.check(made.key).has_value());
}

TEST_F(Tokens, ARevokedKeyStopsWorkingInARunningStore) {
    const auto first = make(), second = make();
    TokenStore store(file);
    ASSERT_TRUE(store.check(first.key).has_value());
    ASSERT_TRUE(revoke_token(file, first.token.id).has_value());
    EXPECT_FALSE(store.check(first.key).has_value());
    EXPECT_TRUE(store.check(second.key).has_value());
    EXPECT_EQ(revoke_token(file, "nothere").error().code, ErrorCode::not_found);
    const auto revoked_at = list_tokens(file)->front().revoked;
    ASSERT_TRUE(revoked_at.has_value());
    ASSERT_TRUE(revoke_token(file, first.token.id).has_value());
    EXPECT_EQ(list_tokens(file)->front().revoked, revoked_at);
}

TEST_F(Tokens, AKeyMadeLaterIsKnownWithoutRestart) {
    TokenStore store(file);
    EXPECT_EQ(store.check("shk_none").error().code, ErrorCode::denied);
    const auto made = make();
    EXPECT_TRUE(store.check(made.key).has_value());
}

TEST_F(Tokens, AnExpiredKeyIsRefused) {
    const auto made = create_token(
        file, {.name = "short", .roles = {Role::viewer}, .datasets = {}, .expires = now_micros() + 150'000});
    ASSERT_TRUE(made.has_value());
    TokenStore store(file);
    EXPECT_TRUE(store.check(made->key).has_value());
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    EXPECT_FALSE(store.check(made->key).has_value());
    EXPECT_EQ(
        create_token(file, {.name = "past", .roles = {Role::viewer}, .datasets = {}, .expires = Micros{1}})
            .error()
            .code,
        ErrorCode::usage);
}

TEST_F(Tokens, AFileThatOthersCanReadIsNotTrusted) {
    const auto made = make();
    ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
    TokenStore store(file);
    const auto caller = store.check(made.key);
    ASSERT_FALSE(caller.has_value());
    EXPECT_EQ(caller.error().code, ErrorCode::settings);
    ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
    EXPECT_TRUE(store.check(made.key).has_value());
}

TEST_F(Tokens, ADamagedFileLetsNobodyIn) {
    const auto made = make();
    TokenStore store(file);
    ASSERT_TRUE(store.check(made.key).has_value());
    for (
        const char* text :
        {"{", "[]", R"({"tokens":[{"id":"x"}]})",
         R"({"tokens":[{"id":"a","name":"b","roles":["king"],"hash":"0000000000000000000000000000000000000000000000000000000000000000"}]})"}) {
        std::ofstream(file, std::ios::trunc) << text;
        const auto caller = store.check(made.key);
        ASSERT_FALSE(caller.has_value()) << text;
        EXPECT_EQ(caller.error().code, ErrorCode::settings) << text;
    }
}

TEST_F(Tokens, LastUseIsWrittenOnlyWhenSavedAndKeepsOtherChanges) {
    const auto first = make(), second = make();
    TokenStore store(file);
    ASSERT_TRUE(store.check(first.key).has_value());
    EXPECT_FALSE(list_tokens(file)->at(0).last_used.has_value());
    ASSERT_TRUE(revoke_token(file, second.token.id).has_value());
    ASSERT_TRUE(store.save_last_used().has_value());
    const auto tokens = *list_tokens(file);
    EXPECT_TRUE(tokens.at(0).last_used.has_value());
    EXPECT_FALSE(tokens.at(1).last_used.has_value());
    EXPECT_TRUE(tokens.at(1).revoked.has_value());
}

TEST_F(Tokens, ManyWritersLoseNoKey) {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 10; ++i) (void)make();
        });
    threads.clear();
    const auto tokens = *list_tokens(file);
    std::set<std::string> ids;
    for (const auto& token : tokens) ids.insert(token.id);
    EXPECT_EQ(ids.size(), 40u);
}

TEST_F(Tokens, DatasetsAreKept) {
    const auto made = create_token(file, {.name = "one set",
                                          .roles = {Role::viewer},
                                          .datasets = std::vector<std::string>{"cme_summary"},
                                          .expires = {}});
    ASSERT_TRUE(made.has_value());
    TokenStore store(file);
    EXPECT_EQ(store.check(made->key)->datasets, std::vector<std::string>{"cme_summary"});
}

}  // namespace
}  // namespace sendhub::govern
