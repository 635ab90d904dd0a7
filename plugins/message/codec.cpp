#include "codec.hpp"

#include <openssl/evp.h>
#include <parley/utf8.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace message {
namespace {

constexpr std::size_t block = 16, trailer = 4;

using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

cipher_context context_for(const std::string& key, bool encrypting) {
  cipher_context cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  EVP_CipherInit_ex(cipher.get(), EVP_aes_256_ecb(), nullptr, bytes_of(key), nullptr, encrypting ? 1 : 0);
  EVP_CIPHER_CTX_set_padding(cipher.get(), 0);
  return cipher;
}

/// Whole blocks; empty when the library fails.
std::string run(const std::string& key, bool encrypting, std::string_view in) {
  std::string out(in.size(), '\0');
  int written = 0;
  const auto cipher = context_for(key, encrypting);
  const int done = EVP_CipherUpdate(cipher.get(), reinterpret_cast<unsigned char*>(out.data()), &written, bytes_of(in),
                                    static_cast<int>(in.size()));
  return done == 1 && written == static_cast<int>(in.size()) ? out : std::string();
}

}  // namespace

text_codec::text_codec(std::string_view key) : key_(key) {
  if (key.size() != 32) {
    throw std::invalid_argument("content_key: expected 32 bytes, found " + std::to_string(key.size()));
  }
}

std::string text_codec::encrypt(std::string_view text) const {
  if (text.empty()) return {};
  std::string plain(text);
  plain.resize((text.size() + trailer + block - 1) / block * block);
  for (std::size_t i = 0; i < trailer; ++i) plain[plain.size() - 1 - i] = static_cast<char>(text.size() >> (8 * i));
  const auto sealed = run(key_, true, plain);
  std::string base64((sealed.size() + 2) / 3 * 4 + 1, '\0');
  base64.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
                                                         bytes_of(sealed), static_cast<int>(sealed.size()))));
  return base64;
}

std::optional<std::string> text_codec::decrypt(std::string_view content) const {
  if (content.empty() || content.size() % 4 != 0) return std::nullopt;
  std::string sealed(content.size() / 4 * 3, '\0');
  const int decoded = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(sealed.data()), bytes_of(content),
                                      static_cast<int>(content.size()));
  if (decoded < 0) return std::nullopt;
  const auto padding = static_cast<std::size_t>(std::count(content.end() - 2, content.end(), '='));
  sealed.resize(static_cast<std::size_t>(decoded) - padding);
  if (sealed.empty() || sealed.size() % block != 0) return std::nullopt;
  auto plain = run(key_, false, sealed);
  if (plain.empty()) return std::nullopt;
  std::size_t size = 0;
  for (std::size_t i = plain.size() - trailer; i < plain.size(); ++i) {
    size = size << 8 | static_cast<unsigned char>(plain[i]);
  }
  if (size == 0 || size > plain.size() - trailer || (size + trailer + block - 1) / block * block != plain.size()) {
    return std::nullopt;
  }
  plain.resize(size);
  return parley::utf8_characters(plain) ? std::optional(std::move(plain)) : std::nullopt;
}

}  // namespace message
