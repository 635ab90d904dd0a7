#include "resources.hpp"

namespace http_admin {
namespace {

constexpr std::uint32_t minutes = 60'000;

constexpr mapping in_path(const char* name, const char* argument, const char* verb = nullptr) {
  return {
      .from = source::path, .name = name, .argument = argument, .is = shape::number, .required = true, .verb = verb};
}
constexpr mapping in_word(const char* name, const char* argument) {
  return {.from = source::path, .name = name, .argument = argument, .required = true};
}
constexpr mapping in_query(const char* name, shape is = shape::text) {
  return {.from = source::query, .name = name, .argument = name, .is = is};
}
constexpr mapping in_body(const char* name, shape is = shape::text, const char* argument = nullptr) {
  return {.from = source::body, .name = name, .argument = argument ? argument : name, .is = is};
}
constexpr mapping needed(mapping m) {
  m.required = true;
  return m;
}
constexpr mapping secret(mapping m) {
  m.secret = true;
  return m;
}
constexpr mapping usually(mapping m, const char* value) {
  m.usual = value;
  return m;
}
/// It runs a verb of its own.
constexpr mapping by(mapping m, const char* verb, const char* verb_of_no = nullptr) {
  m.verb = verb;
  m.verb_of_no = verb_of_no;
  return m;
}

constexpr mapping page_number = usually(in_query("page", shape::number), "1");
constexpr mapping page_size = usually(in_query("size", shape::number), "50");
constexpr mapping user_name{.from = source::user_name, .name = "id", .argument = "name", .required = true};

// ---- admins ----
constexpr mapping admin_add[] = {needed(in_body("name")), usually(in_body("role"), "viewer"),
                                 secret(in_body("password"))};
constexpr mapping admin_edit[] = {in_path("id", "name"), in_body("role"), secret(in_body("password")),
                                  in_body("disabled", shape::flag)};
constexpr mapping admin_one[] = {in_path("id", "name")};

// ---- users ----
constexpr mapping user_list[] = {in_query("search"),
                                 in_query("department", shape::number),
                                 in_query("disabled", shape::flag),
                                 in_query("online", shape::flag),
                                 page_number,
                                 page_size};
constexpr mapping user_add[] = {needed(in_body("name")),
                                secret(needed(in_body("password"))),
                                in_body("nick"),
                                in_body("sex", shape::number),
                                in_body("department", shape::text_or_number),
                                in_body("email"),
                                in_body("phone")};
constexpr mapping user_import[] = {
    {.from = source::text, .name = "file", .argument = "file", .required = true, .secret = true},
    in_query("skip-existing", shape::only_yes)};
constexpr mapping user_show[] = {in_path("id", "user")};
constexpr mapping by_name_to_disable = by(user_name, "users disable", "users enable");
constexpr mapping disabled_flag = by(in_body("disabled", shape::flag, ""), "users disable", "users enable");
constexpr mapping user_edit[] = {
    in_path("id", "id"), in_body("nick"),  in_body("sex", shape::number), in_body("department", shape::text_or_number),
    in_body("email"),    in_body("phone"), in_body("signature"),          in_body("avatar"),
    by_name_to_disable,  disabled_flag};
constexpr mapping user_passwd[] = {user_name, in_path("id", "id"), secret(needed(in_body("password")))};
constexpr mapping user_unlock[] = {user_name};
constexpr mapping user_kick[] = {in_path("id", "user")};

// ---- departments ----
constexpr mapping department_add[] = {needed(in_body("name")), in_body("parent", shape::number),
                                      in_body("priority", shape::number)};
constexpr mapping department_edit[] = {in_path("id", "id"), in_body("name"), in_body("parent", shape::number),
                                       in_body("priority", shape::number)};
constexpr mapping one_id[] = {in_path("id", "id")};

// ---- groups ----
constexpr mapping group_list[] = {in_query("search"), page_number, page_size};
constexpr mapping group_add[] = {needed(in_body("name")), needed(in_body("members", shape::ids)),
                                 in_body("owner", shape::number)};
constexpr mapping group_edit[] = {in_path("id", "id"), in_body("name"),
                                  by(in_body("avatar", shape::text, "url"), "groups avatar"),
                                  by(in_body("owner", shape::number, "user"), "groups owner")};
constexpr mapping group_members[] = {in_path("id", "id"), page_number, page_size};
constexpr mapping group_member_add[] = {in_path("id", "id"), needed(in_body("users", shape::ids))};
constexpr mapping group_member_remove[] = {in_path("id", "id"), in_path("user", "users")};

// ---- links ----
constexpr mapping link_add[] = {needed(in_body("name")), needed(in_body("url")), in_body("priority", shape::number)};
constexpr mapping link_edit[] = {in_path("id", "id"), in_body("name"), in_body("url"),
                                 in_body("priority", shape::number)};

// ---- sessions, messages ----
constexpr mapping session_list[] = {in_query("search"), in_query("user", shape::number), page_number, page_size};
constexpr mapping session_kick[] = {in_path("id", "session")};
constexpr mapping paging[] = {page_number, page_size};
constexpr mapping announcement[] = {needed(in_body("text")), in_body("department", shape::number),
                                    in_body("users", shape::ids)};
constexpr mapping message_search[] = {needed(in_query("text")),
                                      in_query("user", shape::number),
                                      in_query("peer", shape::number),
                                      in_query("group", shape::number),
                                      in_query("since", shape::number),
                                      in_query("until", shape::number),
                                      in_query("from"),
                                      in_query("limit", shape::number)};
constexpr mapping single_show[] = {in_path("user", "user"), in_path("peer", "peer"), in_query("before", shape::number),
                                   in_query("limit", shape::number)};
constexpr mapping single_one[] = {in_path("user", "user"), in_path("peer", "peer"), in_path("message_id", "id")};
constexpr mapping group_show[] = {in_path("id", "group"), in_query("before", shape::number),
                                  in_query("limit", shape::number)};
constexpr mapping group_one[] = {in_path("id", "group"), in_path("message_id", "id")};

// ---- node ----
constexpr mapping audit_list[] = {in_query("admin"), in_query("action"), page_number, page_size};
constexpr mapping one_plugin[] = {in_word("name", "name")};
constexpr mapping log_read[] = {in_query("after", shape::number), in_query("level"), in_query("limit", shape::number)};
constexpr mapping own_password[] = {secret(needed(in_body("old"))), secret(needed(in_body("new")))};
constexpr mapping credentials[] = {needed(in_body("name")), secret(needed(in_body("password"))),
                                   in_body("bearer", shape::flag)};

constexpr resource reads(const char* at, role least, const char* verb, std::span<const mapping> takes = {}) {
  return {"GET", at, least, verb, "", takes};
}
constexpr resource changes(const char* method, const char* at, role least, const char* verb, const char* action,
                           std::span<const mapping> takes = {}, unsigned made = 200) {
  return {method, at, least, verb, action, takes, made};
}
constexpr resource paged(resource r) {
  r.paged = true;
  return r;
}
constexpr resource slow(resource r, std::uint32_t deadline_ms) {
  r.deadline_ms = deadline_ms;
  return r;
}
constexpr resource by_itself(resource r, own special) {
  r.special = special;
  return r;
}
constexpr resource then(resource r, const char* verb, const char* argument) {
  r.then = verb;
  r.then_argument = argument;
  return r;
}

constexpr resource table[] = {
    by_itself(reads("/openapi.json", role::nobody, ""), own::describe),
    by_itself(changes("POST", "/login", role::nobody, "", "login", credentials), own::sign_in),
    by_itself(changes("POST", "/logout", role::viewer, "", "logout"), own::sign_out),
    by_itself(reads("/me", role::viewer, ""), own::me),
    by_itself(changes("POST", "/me/password", role::viewer, "", "me.password", own_password), own::my_password),

    reads("/admins", role::admin, "admins list"),
    changes("POST", "/admins", role::admin, "admins add", "admins.add", admin_add, 201),
    changes("PATCH", "/admins/{id}", role::admin, "admins edit", "admins.edit", admin_edit),
    changes("DELETE", "/admins/{id}", role::admin, "admins remove", "admins.remove", admin_one),
    changes("POST", "/admins/{id}/unlock", role::admin, "admins unlock", "admins.unlock", admin_one),

    paged(reads("/users", role::viewer, "users list", user_list)),
    changes("POST", "/users", role::op, "users add", "users.add", user_add, 201),
    slow(changes("POST", "/users/import", role::op, "users import", "users.import", user_import), 10 * minutes),
    reads("/users/{id}", role::viewer, "users show", user_show),
    then(changes("PATCH", "/users/{id}", role::op, "users edit", "users.edit", user_edit), "users show", "user"),
    changes("POST", "/users/{id}/password", role::op, "users passwd", "users.passwd", user_passwd),
    changes("POST", "/users/{id}/unlock", role::op, "users unlock", "users.unlock", user_unlock),
    changes("POST", "/users/{id}/kick", role::op, "kick", "users.kick", user_kick),

    reads("/departments", role::viewer, "departments list"),
    changes("POST", "/departments", role::op, "departments add", "departments.add", department_add, 201),
    changes("PATCH", "/departments/{id}", role::op, "departments edit", "departments.edit", department_edit),
    changes("DELETE", "/departments/{id}", role::op, "departments remove", "departments.remove", one_id),

    paged(reads("/groups", role::viewer, "groups list", group_list)),
    changes("POST", "/groups", role::op, "groups add", "groups.add", group_add, 201),
    reads("/groups/{id}", role::viewer, "groups show", one_id),
    changes("PATCH", "/groups/{id}", role::op, "groups rename", "groups.edit", group_edit),
    changes("DELETE", "/groups/{id}", role::op, "groups dissolve", "groups.dissolve", one_id),
    paged(reads("/groups/{id}/members", role::viewer, "groups members", group_members)),
    changes("POST", "/groups/{id}/members", role::op, "groups member-add", "groups.member-add", group_member_add),
    changes("DELETE", "/groups/{id}/members/{user}", role::op, "groups member-remove", "groups.member-remove",
            group_member_remove),

    reads("/links", role::viewer, "links list"),
    changes("POST", "/links", role::op, "links add", "links.add", link_add, 201),
    changes("PATCH", "/links/{id}", role::op, "links edit", "links.edit", link_edit),
    changes("DELETE", "/links/{id}", role::op, "links remove", "links.remove", one_id),

    paged(reads("/sessions", role::viewer, "sessions", session_list)),
    changes("DELETE", "/sessions/{id}", role::op, "kick", "sessions.kick", session_kick),

    paged(reads("/announcements", role::op, "announcements list", paging)),
    slow(changes("POST", "/announcements", role::op, "announce", "announce", announcement), 10 * minutes),
    reads("/messages", role::op, "messages search", message_search),
    reads("/messages/single/{user}/{peer}", role::op, "messages show", single_show),
    changes("DELETE", "/messages/single/{user}/{peer}/{message_id}", role::op, "messages remove", "messages.remove",
            single_one),
    reads("/messages/single/{user}/{peer}/{message_id}/trace", role::viewer, "messages trace", single_one),
    reads("/messages/group/{id}", role::op, "messages show", group_show),
    changes("DELETE", "/messages/group/{id}/{message_id}", role::op, "messages remove", "messages.remove", group_one),
    reads("/messages/group/{id}/{message_id}/trace", role::viewer, "messages trace", group_one),

    paged(reads("/audit", role::admin, "audit list", audit_list)),
    reads("/status", role::viewer, "status"),
    reads("/stats", role::viewer, "stats"),
    reads("/plugins", role::viewer, "plugins"),
    reads("/plugins/{name}", role::viewer, "plugins", one_plugin),
    slow(changes("POST", "/plugins/{name}/reload", role::admin, "reload", "plugins.reload", one_plugin), 2 * minutes),
    slow(changes("POST", "/plugins/{name}/load", role::admin, "load", "plugins.load", one_plugin), 2 * minutes),
    slow(changes("POST", "/plugins/{name}/unload", role::admin, "unload", "plugins.unload", one_plugin), 2 * minutes),
    slow(changes("POST", "/plugins/{name}/rollback", role::admin, "rollback", "plugins.rollback", one_plugin),
         2 * minutes),
    reads("/pools", role::viewer, "pools"),
    reads("/log", role::viewer, "log", log_read),
};

}  // namespace

std::span<const resource> resources() {
  return table;
}

}  // namespace http_admin
