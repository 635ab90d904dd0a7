// HTTP for programs: TeamTalk's two calls of groups, and the links that clients show.
#pragma once

#include <parley/http.hpp>
#include <parley/plugin.hpp>
#include <parley/sql.hpp>
#include <parley/verb.hpp>
#include <parley/worker.hpp>

#include "query.hpp"
#include "store.hpp"

namespace http_admin {

class http_admin_plugin final : public parley::plugin {
 public:
  explicit http_admin_plugin(const parley::context& ctx);

  // groups.cpp
  parley::task<> on_create_group(parley::http_request request);
  parley::task<> on_change_members(parley::http_request request);
  parley::status on_unknown(parley::http_request request);

  // discovery.cpp
  parley::task<> on_discovery(parley::http_request request);

  // verbs.cpp
  parley::task<> on_keys_add(parley::verb_call call);
  parley::task<> on_keys_list(parley::verb_call call);
  parley::task<> on_keys_remove(parley::verb_call call);
  parley::task<> on_links_add(parley::verb_call call);
  parley::task<> on_links_list(parley::verb_call call);
  parley::task<> on_links_remove(parley::verb_call call);

 private:
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
  parley::sql_pool main_;
  parley::worker_pool cpu_;
  parley::counter accepted_;
  parley::counter refused_;
};

}  // namespace http_admin
