#include "alert.hpp"

#include <openssl/evp.h>
#include <parley/utf8.hpp>

#include <memory>
#include <stdexcept>

#include "text.hpp"

namespace push {
namespace {

constexpr std::size_t block = 16;
constexpr std::size_t trailer = 4;
constexpr std::string_view picture = "&$#@~^@[{:";
constexpr std::string_view something = "您收到了一条消息";

}  // namespace

privacy privacy_of(std::string_view word) {
  return word == "none" ? privacy::none : word == "sender" ? privacy::sender : privacy::full;
}

content_key::content_key(std::string_view key) : key_(key) {
  if (key.size() != 32) {
    throw std::invalid_argument("content_key: expected 32 bytes, found " + std::to_string(key.size()));
  }
}

std::optional<std::string> content_key::decrypt(std::string_view content) const {
  auto sealed = base64_decode(content);
  if (!sealed || sealed->empty() || sealed->size() % block != 0) return std::nullopt;
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_ecb(), nullptr, reinterpret_cast<const unsigned char*>(key_.data()),
                     nullptr);
  EVP_CIPHER_CTX_set_padding(cipher.get(), 0);
  std::string plain(sealed->size(), '\0');
  int written = 0;
  if (EVP_DecryptUpdate(cipher.get(), reinterpret_cast<unsigned char*>(plain.data()), &written,
                        reinterpret_cast<const unsigned char*>(sealed->data()),
                        static_cast<int>(sealed->size())) != 1) {
    return std::nullopt;
  }
  std::size_t size = 0;
  for (std::size_t i = plain.size() - trailer; i < plain.size(); ++i) {
    size = size << 8 | static_cast<unsigned char>(plain[i]);
  }
  if (size == 0 || size > plain.size() - trailer || (size + trailer + block - 1) / block * block != plain.size()) {
    return std::nullopt;
  }
  plain.resize(size);
  return plain;
}

substance substance_of(std::uint32_t msg_type, const std::string* msg_data, const content_key& key) {
  constexpr std::uint32_t single_audio = 0x02, group_audio = 0x12;
  if (msg_type == single_audio || msg_type == group_audio) return {substance::kind::audio, {}};
  auto text = msg_data ? key.decrypt(*msg_data) : std::nullopt;
  if (!text || text->find(picture) != std::string::npos) return {};
  return {substance::kind::text, std::move(*text)};
}

std::string alert_text(const substance& message, std::string_view sender, bool group, privacy how, std::size_t bytes) {
  if (how == privacy::none) return {};
  std::string text;
  if (message.what == substance::kind::audio) {
    text = std::string(sender) + (group ? "在群聊中发送了一条语音消息" : "给您发送了一条语音消息");
  } else if (how == privacy::sender) {
    text = std::string(sender) + (group ? "在群聊中发送了一条消息" : "给您发送了一条消息");
  } else if (message.what == substance::kind::text) {
    text = std::string(sender) + ":" + message.text;
  } else {
    text = something;
  }
  return parley::cut_text(text, bytes);
}

}  // namespace push
