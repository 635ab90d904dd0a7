// HTTP for programs and admins: TeamTalk's two calls of groups, the links that clients show, and /api/v1.
#pragma once

#include <parley/http.hpp>
#include <parley/plugin.hpp>
#include <parley/sql.hpp>
#include <parley/timer.hpp>
#include <parley/verb.hpp>
#include <parley/worker.hpp>

#include "arguments.hpp"
#include "lockout.hpp"
#include "password.hpp"
#include "query.hpp"
#include "sign_in_rate.hpp"
#include "store.hpp"
#include "store_admins.hpp"
#include "store_audit.hpp"

namespace http_admin {

inline constexpr std::uint32_t state_version = 1;

class http_admin_plugin final : public parley::plugin {
 public:
  explicit http_admin_plugin(const parley::context& ctx);

  std::string save_state() override;
  parley::status restore_state(std::uint32_t version, std::string_view state) override;

  // groups.cpp
  parley::task<> on_create_group(parley::http_request request);
  parley::task<> on_change_members(parley::http_request request);
  parley::status on_unknown(parley::http_request request);

  // discovery.cpp
  parley::task<> on_discovery(parley::http_request request);

  // console.cpp
  parley::status on_console(parley::http_request request);
  parley::status on_console_without_slash(parley::http_request request);

  // verbs.cpp
  parley::task<> on_keys_add(parley::verb_call call);
  parley::task<> on_keys_list(parley::verb_call call);
  parley::task<> on_keys_remove(parley::verb_call call);
  parley::task<> on_links_add(parley::verb_call call);
  parley::task<> on_links_list(parley::verb_call call);
  parley::task<> on_links_edit(parley::verb_call call);
  parley::task<> on_links_remove(parley::verb_call call);

  // admins.cpp
  parley::task<> on_admins_add(parley::verb_call call);
  parley::task<> on_admins_list(parley::verb_call call);
  parley::task<> on_admins_edit(parley::verb_call call);
  parley::task<> on_admins_passwd(parley::verb_call call);
  parley::task<> on_admins_disable(parley::verb_call call);
  parley::task<> on_admins_enable(parley::verb_call call);
  parley::task<> on_admins_remove(parley::verb_call call);
  parley::task<> on_admins_unlock(parley::verb_call call);

  // audit.cpp
  parley::task<> on_audit_list(parley::verb_call call);

  // rest.cpp
  parley::task<> on_rest(parley::http_request request);

 private:
  // ---- /api/v1 ----

  /// A call as it came.
  struct incoming {
    explicit incoming(const parley::http_request& request);
    std::string path, query, type, body, peer;
    std::string token, csrf, origin, host;
    bool bearer = false, tls = false;
    place at;
  };
  struct outcome {
    unsigned code = 200;
    std::string json;
    std::string cookie;
    refusal why;  // when it is one
  };
  /// Who is signed in; `fault` when nobody is.
  struct signed_in {
    refusal fault;
    store::admin who;
    std::string digest;
    store::number expires = 0;
  };
  static outcome refused(refusal why) { return {why.http, {}, {}, std::move(why)}; }

  // rest.cpp
  parley::task<outcome> serve(const incoming& in);
  parley::task<outcome> run(const incoming& in, const signed_in& by, const asked& wanted);
  parley::task<parley::result<std::string>> run_steps(const incoming& in, const asked& wanted);
  void count(const incoming& in, const outcome& out);

  // sign_in.cpp
  parley::task<signed_in> authenticate(const incoming& in);
  refusal forbidden(const incoming& in, const signed_in& by) const;
  parley::task<outcome> sign_in(const incoming& in);
  parley::task<outcome> sign_out(const incoming& in, const signed_in& by);
  parley::task<outcome> change_own_password(const incoming& in, const signed_in& by, const asked& wanted);
  std::string me(const incoming& in, const signed_in& by) const;
  std::string cookie_of(const incoming& in, std::string_view token) const;

  // admins.cpp
  parley::task<> edit(parley::verb_call call, const char* verb, store::admin_change change, std::string shown);
  parley::task<parley::result<std::optional<store::admin>>> admin_called(std::string name);
  std::string described(const store::admin& row) const;

  // audit.cpp
  parley::task<parley::result<store::number>> begin_audit(const incoming& in, const store::admin& by,
                                                          const asked& wanted, std::string result);
  parley::task<> end_audit(store::number id, std::string result, std::string target);
  parley::task<> clean_up();

  // ---- /query/ ----

  /// Whether the key may do this; tells log and counters who could not.
  parley::task<query_code> judge(std::string_view call, const query& wanted, std::string_view peer);

  /// A request that is being served.
  class visit {
   public:
    explicit visit(std::size_t& all) : all_(all) { ++all_; }
    visit(const visit&) = delete;
    ~visit() { --all_; }

   private:
    std::size_t& all_;
  };
  /// Strangers may ask as fast as they like; the pools are everybody's.
  bool full() const { return at_once_ >= most_at_once; }
  static constexpr std::size_t most_at_once = 32;

  std::size_t at_once_ = 0;
  std::size_t rest_at_once_ = 0;
  parley::sql_pool main_;
  parley::worker_pool cpu_;
  parley::counter accepted_;
  parley::counter refused_;
  parley::counter rest_served_;
  parley::counter rest_refused_;
  parley::counter signed_in_;
  parley::counter not_signed_in_;

  cost effort_;
  bool always_secure_;
  store::number idle_s_;
  store::number longest_s_;
  store::number audit_days_;
  lockout lockout_;
  sign_in_rate rate_;
  parley::timer cleaning_;
  bool clean_ = true;  // nothing is being cleaned up
};

}  // namespace http_admin
