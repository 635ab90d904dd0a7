#include "content.hpp"

#include <openssl/evp.h>
#include <parley/utf8.hpp>

#include <array>
#include <memory>
#include <stdexcept>

namespace message {
namespace {

using parley::status;

}  // namespace

std::uint32_t duration_of(std::string_view audio) {
  std::uint32_t seconds = 0;
  for (std::size_t i = 0; i < duration_bytes; ++i) seconds = seconds << 8 | static_cast<unsigned char>(audio[i]);
  return seconds;
}

std::string with_duration(std::uint32_t seconds, std::string_view recording) {
  std::string audio;
  audio.reserve(duration_bytes + recording.size());
  for (int shift = 24; shift >= 0; shift -= 8) audio.push_back(static_cast<char>(seconds >> shift));
  return audio.append(recording);
}

finding check_text(std::string_view content) {
  if (content.empty()) return {status::malformed, "the message is empty"};
  if (content.size() > 4 * text_characters) return {status::too_large, "a text has at most 4096 characters"};
  const auto characters = parley::storable_characters(content);
  if (!characters) return {status::malformed, "the text is not valid UTF-8"};
  if (*characters > text_characters) return {status::too_large, "a text has at most 4096 characters"};
  return {};
}

finding check_audio(std::string_view content, std::size_t max_bytes) {
  if (content.size() <= duration_bytes) return {status::malformed, "a recording follows four bytes of duration"};
  if (content.size() > max_bytes) return {status::too_large, "the recording is too large"};
  return {};
}

finding check_client_id(std::string_view id) {
  if (id.empty() || id.size() > client_id_bytes) return {status::malformed, "client_msg_id has 1 to 64 bytes"};
  return {};
}

namespace {

/// [语音] as clients encrypt text.
std::string placeholder_under(std::string_view key) {
  std::array<unsigned char, 16> block{0x5B, 0xE8, 0xAF, 0xAD, 0xE9, 0x9F, 0xB3, 0x5D};
  block.back() = 8;  // its length, as the last four bytes
  std::array<unsigned char, 32> out{};
  int size = 0;
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_ecb(), nullptr, reinterpret_cast<const unsigned char*>(key.data()),
                     nullptr);
  EVP_CIPHER_CTX_set_padding(cipher.get(), 0);
  if (EVP_EncryptUpdate(cipher.get(), out.data(), &size, block.data(), block.size()) != 1 || size != 16) {
    throw std::runtime_error("content_key: AES-256-ECB is not available");
  }
  std::array<unsigned char, 25> base64{};
  const int written = EVP_EncodeBlock(base64.data(), out.data(), size);
  return {reinterpret_cast<const char*>(base64.data()), static_cast<std::size_t>(written)};
}

}  // namespace

audio_placeholder::audio_placeholder(std::string_view key) : key_(key) {
  if (key.size() == 32) return;
  throw std::invalid_argument("content_key: expected 32 bytes, found " + std::to_string(key.size()));
}

const std::string& audio_placeholder::text() const {
  std::call_once(making_, [this] { text_ = placeholder_under(key_); });
  return text_;
}

}  // namespace message
