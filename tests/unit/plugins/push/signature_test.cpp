#include "signature.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "record.hpp"

namespace {

// printf '1700000000.{"records":[]}' | openssl dgst -sha256 -hmac 'the secret'
TEST(push_signature, is_what_openssl_computes) {
  EXPECT_EQ(push::signature("the secret", "1700000000", R"({"records":[]})"),
            "sha256=b7bcd0b84d09fb9fbfcb41cdacefba1b605e026c6121c46437f7bd1d8359a45a");
}

TEST(push_signature, draws_different_numbers) {
  EXPECT_EQ(push::random_hex(16).size(), 32u);
  EXPECT_NE(push::random_hex(16), push::random_hex(16));
}

TEST(push_record, becomes_json) {
  push::record one{"id-1", 7, 0x12, "the \"token\"", false, true, 3, 44, 9, 0x11, 1'700'000'000, "Ada:\xff"};
  push::record two = one;
  two.group = false;
  two.client_type = 0x11;
  two.silent = true;
  const push::record both[] = {one, two};
  const auto parsed = nlohmann::json::parse(push::to_json(both)).at("records");
  EXPECT_EQ(parsed[0]["id"], "id-1");
  EXPECT_EQ(parsed[0]["user_id"], 7);
  EXPECT_EQ(parsed[0]["token"], "the \"token\"");
  EXPECT_EQ(parsed[0]["platform"], "android");
  EXPECT_EQ(parsed[0]["msg"], (nlohmann::json{{"kind", "group"},
                                              {"from_id", 3},
                                              {"group_id", 44},
                                              {"msg_id", 9},
                                              {"msg_type", 0x11},
                                              {"created", 1'700'000'000}}));
  EXPECT_EQ(parsed[0]["alert"], "Ada:\uFFFD");
  EXPECT_EQ(parsed[1]["platform"], "ios");
  EXPECT_EQ(parsed[1]["silent"], true);
  EXPECT_FALSE(parsed[1]["msg"].contains("group_id"));
}

TEST(push_record, finds_dead_tokens_in_an_answer) {
  EXPECT_EQ(push::gone_tokens(R"({"gone":["a",5,"b"]})"), (std::vector<std::string>{"a", "b"}));
  for (const char* answer : {"", "ok", "[]", "{}", R"({"gone":"a"})", "{\"gone\":[", "null"}) {
    EXPECT_TRUE(push::gone_tokens(answer).empty()) << answer;
  }
}

}  // namespace
