#include "client/content.hpp"

#include <openssl/evp.h>
#include <cstdint>

#include "client/base64.hpp"

namespace parley::client {
namespace {

constexpr std::size_t block = 16;
constexpr std::size_t trailer = 4;

constexpr std::size_t padded_size(std::size_t text_size) {
  return (text_size + trailer + block - 1) / block * block;
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace

void content_codec::free_context::operator()(evp_cipher_ctx_st* context) const {
  EVP_CIPHER_CTX_free(context);
}

content_codec::content_codec(std::string_view key) {
  if (key.size() != 32) return;
  encrypting_.reset(EVP_CIPHER_CTX_new());
  decrypting_.reset(EVP_CIPHER_CTX_new());
  EVP_EncryptInit_ex(encrypting_.get(), EVP_aes_256_ecb(), nullptr, bytes(key), nullptr);
  EVP_DecryptInit_ex(decrypting_.get(), EVP_aes_256_ecb(), nullptr, bytes(key), nullptr);
  EVP_CIPHER_CTX_set_padding(encrypting_.get(), 0);
  EVP_CIPHER_CTX_set_padding(decrypting_.get(), 0);
}

content_codec::~content_codec() = default;
content_codec::content_codec(content_codec&&) noexcept = default;
content_codec& content_codec::operator=(content_codec&&) noexcept = default;

std::optional<std::string> content_codec::encrypt(std::string_view text) {
  if (text.empty() || !encrypting_) return std::nullopt;
  std::string plain(text);
  plain.resize(padded_size(text.size()), '\0');
  for (std::size_t i = 0; i < trailer; ++i) {
    plain[plain.size() - 1 - i] = static_cast<char>(static_cast<std::uint32_t>(text.size()) >> (8 * i));
  }
  std::string sealed(plain.size(), '\0');
  int written = 0;
  if (EVP_EncryptUpdate(encrypting_.get(), bytes(sealed), &written, bytes(plain), static_cast<int>(plain.size())) !=
      1) {
    return std::nullopt;
  }
  return base64_encode(sealed);
}

std::optional<std::string> content_codec::decrypt(std::string_view base64) {
  if (!decrypting_) return std::nullopt;
  const auto sealed = base64_decode(base64);
  if (!sealed || sealed->empty() || sealed->size() % block != 0) return std::nullopt;
  std::string plain(sealed->size() + block, '\0');
  int written = 0;
  if (EVP_DecryptUpdate(decrypting_.get(), bytes(plain), &written, bytes(*sealed), static_cast<int>(sealed->size())) !=
      1) {
    return std::nullopt;
  }
  plain.resize(sealed->size());
  std::uint32_t size = 0;
  for (std::size_t i = plain.size() - trailer; i < plain.size(); ++i) {
    size = size << 8 | static_cast<unsigned char>(plain[i]);
  }
  if (size == 0 || size > plain.size() - trailer || padded_size(size) != plain.size()) return std::nullopt;
  plain.resize(size);
  return plain;
}

}  // namespace parley::client
