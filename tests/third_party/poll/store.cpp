#include "store.hpp"

namespace poll_store {

void add(parley::sql& db, question& q, std::uint32_t now) {
  db.transaction([&] {
    q.id = static_cast<std::uint64_t>(
        db.execute("INSERT INTO poll_question(user_a, user_b, asked_by, question, ends, quiet, created) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?)",
                   {q.who.a, q.who.b, q.asked_by, q.text, q.ends, q.quiet ? 1 : 0, now})
            .inserted_id);
    std::vector<parley::sql_value> rows;
    for (std::size_t i = 0; i < q.options.size(); ++i) {
      rows.insert(rows.end(), {q.id, i, q.options[i]});
    }
    db.insert_rows("INSERT INTO poll_option(poll_id, number, label) VALUES", "", 3, rows);
  });
}

std::optional<question> find(parley::sql& db, std::uint64_t id) {
  std::optional<question> found;
  db.each<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, std::string>(
      "SELECT user_a, user_b, asked_by, ends, quiet, question FROM poll_question WHERE id = ?", {id},
      [&](std::uint32_t a, std::uint32_t b, std::uint32_t asked_by, std::uint32_t ends, std::uint32_t quiet,
          std::string text) {
        found = question{id, {a, b}, asked_by, ends, quiet != 0, std::move(text), {}};
      });
  if (!found) return found;
  db.each<std::string>("SELECT label FROM poll_option WHERE poll_id = ? ORDER BY number", {id},
                       [&](std::string label) { found->options.push_back(std::move(label)); });
  return found;
}

void vote(parley::sql& db, std::uint64_t id, std::uint32_t user, std::uint32_t option) {
  db.execute(
      "INSERT INTO poll_vote(poll_id, user_id, number) VALUES (?, ?, ?) {on_conflict:poll_id,user_id} number = "
      "{new:number}",
      {id, user, option});
}

std::vector<std::uint32_t> tally(parley::sql& db, const question& q) {
  std::vector<std::uint32_t> votes(q.options.size());
  db.each<std::uint32_t, std::uint32_t>("SELECT number, COUNT(*) FROM poll_vote WHERE poll_id = ? GROUP BY number",
                                        {q.id}, [&](std::uint32_t number, std::uint32_t count) {
                                          if (number < votes.size()) votes[number] = count;
                                        });
  return votes;
}

void end(parley::sql& db, std::uint64_t id, std::uint32_t ends) {
  db.execute("UPDATE poll_question SET ends = ? WHERE id = ?", {ends, id});
}

std::vector<std::pair<pair, std::uint32_t>> quiet_pairs(parley::sql& db, std::uint32_t now) {
  std::vector<std::pair<pair, std::uint32_t>> found;
  db.each<std::uint32_t, std::uint32_t, std::uint32_t>(
      "SELECT user_a, user_b, ends FROM poll_question WHERE quiet = 1 AND ends > ?", {now},
      [&](std::uint32_t a, std::uint32_t b, std::uint32_t ends) {
        found.push_back({{a, b}, ends});
      });
  return found;
}

}  // namespace poll_store
