#include "hub/govern/tokens.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <set>
#include <thread>

#include "base/files.hpp"
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
    const auto revoked_at = list_tokens(file)->tokens.front().revoked;
    ASSERT_TRUE(revoked_at.has_value());
    ASSERT_TRUE(revoke_token(file, first.token.id).has_value());
    EXPECT_EQ(list_tokens(file)->tokens.front().revoked, revoked_at);
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
    for (const char* text : {"{", "[]", R"({"tokens":3})", ""}) {
        std::ofstream(file, std::ios::trunc) << text;
        const auto caller = store.check(made.key);
        ASSERT_FALSE(caller.has_value()) << text;
        EXPECT_EQ(caller.error().code, ErrorCode::settings) << text;
    }
}

TEST_F(Tokens, AnEntryThatCannotBeReadCostsThatKeyOnlyAndIsKept) {
    const auto damaged = make(), good = make();
    const std::string whole = *read_file(file);
    const std::string created = R"("created":")" + format_time(damaged.token.created) + "\"";
    const std::pair<std::string, std::string> damages[] = {
        {R"("expires":null)", R"("expires":"29405-11-08T00:00:00.000Z")"},
        {R"("expires":null)", R"("expires":17)"},
        {R"("roles":["viewer"])", R"("roles":["king"])"},
        {R"("roles":["viewer"])", R"("roles":"viewer")"},
        {R"("datasets":null)", R"("datasets":"cme_summary")"},
        {created, R"("created":"yesterday")"},
        {R"("hash":")", R"("hash":"0)"}};
    for (const auto& [from, to] : damages) {
        std::string text = whole;
        text.replace(text.find(from), from.size(), to);
        std::ofstream(file, std::ios::trunc) << text;
        TokenStore store(file);
        EXPECT_EQ(store.check(damaged.key).error().code, ErrorCode::denied) << to;
        ASSERT_TRUE(store.check(good.key).has_value()) << to;
        ASSERT_TRUE(store.save_last_used().has_value());
        const auto later = make();
        EXPECT_TRUE(store.check(later.key).has_value());
        EXPECT_TRUE(store.check(good.key).has_value());
        EXPECT_NE(read_file(file)->find(to), std::string::npos) << "the entry is evidence: " << to;
        const auto list = *list_tokens(file);
        ASSERT_EQ(list.unreadable.size(), 1u);
        EXPECT_EQ(list.unreadable[0].id, damaged.token.id);
        ASSERT_TRUE(revoke_token(file, damaged.token.id).has_value());
        EXPECT_TRUE(list_tokens(file)->unreadable.empty());
        EXPECT_TRUE(store.check(good.key).has_value());
    }
}

TEST_F(Tokens, AKeyLivesForAtMostTenYears) {
    const auto expiring_in = [&](std::int64_t days) {
        return create_token(file, {.name = "long",
                                   .roles = {Role::viewer},
                                   .datasets = {},
                                   .expires = now_micros() + days * 86'400'000'000});
    };
    EXPECT_TRUE(expiring_in(kLongestDays).has_value());
    EXPECT_EQ(expiring_in(kLongestDays + 2).error().code, ErrorCode::usage);
    EXPECT_EQ(expiring_in(9'999'999).error().code, ErrorCode::usage);
    EXPECT_EQ(list_tokens(file)->tokens.size(), 1u);
}

TEST_F(Tokens, WhatIsNotPutOnRecordIsNotDone) {
    const auto made = make();
    const BeforeChange refuse = [](const std::string&) -> Status {
        return fail(ErrorCode::storage, "the audit log cannot be written");
    };
    EXPECT_FALSE(
        create_token(file, {.name = "x", .roles = {Role::viewer}, .datasets = {}, .expires = {}}, refuse)
            .has_value());
    EXPECT_FALSE(revoke_token(file, made.token.id, refuse).has_value());
    EXPECT_EQ(list_tokens(file)->tokens.size(), 1u);
    TokenStore store(file);
    EXPECT_TRUE(store.check(made.key).has_value());
}

TEST_F(Tokens, LastUseIsWrittenOnlyWhenSavedAndKeepsOtherChanges) {
    const auto first = make(), second = make();
    TokenStore store(file);
    ASSERT_TRUE(store.check(first.key).has_value());
    EXPECT_FALSE(list_tokens(file)->tokens.at(0).last_used.has_value());
    ASSERT_TRUE(revoke_token(file, second.token.id).has_value());
    ASSERT_TRUE(store.save_last_used().has_value());
    const auto tokens = list_tokens(file)->tokens;
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
    const auto tokens = list_tokens(file)->tokens;
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
