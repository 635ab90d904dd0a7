// That the other side of a link knows the cluster's secret, without saying it.
#pragma once

#include <string>
#include <string_view>

#include "host/cluster/identity.hpp"

namespace parley::host {

/// What both sides of a handshake have seen.
struct handshake_facts {
  node_identity dialer, accepter;
  std::string dialer_nonce, accepter_nonce;
};

/// 32 random bytes.
std::string make_nonce();

/// HMAC-SHA-256 under the secret over the role, the protocol's version, names, incarnations, numbers and nonces of
/// both: a proof is of use in this handshake and role only.
std::string prove(std::string_view secret, bool as_dialer, const handshake_facts& facts);

/// In a time that does not depend on where they differ.
bool same_proof(std::string_view a, std::string_view b);

}  // namespace parley::host
