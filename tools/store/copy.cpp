#include "store/copy.hpp"

#include "store/reader.hpp"
#include "store/trouble.hpp"

namespace parley::store {

namespace {

std::string insert_head(const table& what, const table& into) {
  std::string columns;
  for (const auto& one : what.columns) columns += (columns.empty() ? "" : ",") + quoted(into.find(one.name)->name);
  return "INSERT INTO " + quoted(into.name) + "(" + columns + ") VALUES";
}

/// Ids that were given once are never given again, though their rows may be gone.
void go_on_counting(end& to, const table& into, std::uint64_t next_id) {
  if (next_id <= 1) return;
  if (!to.sqlite()) {
    if (into.next_id == 0) return;
    to.db().execute(("ALTER TABLE " + quoted(into.name) + " AUTO_INCREMENT = " + std::to_string(next_id)).c_str());
    return;
  }
  to.db().transaction([&] {
    const auto raised =
        to.db().execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", {next_id - 1, into.name});
    if (raised.affected > 0 || into.next_id == 0) return;
    to.db().execute("INSERT INTO sqlite_sequence(name, seq) VALUES (?, ?)", {into.name, next_id - 1});
  });
}

class table_copy {
 public:
  table_copy(end& from, end& to, const table& what, const table& into, progress& where, report& out)
      : from_(from), to_(to), what_(what), into_(into), progress_(where), report_(out) {}

  void run() {
    now_ = progress_.of(into_.name);
    if (!now_.begun) begin();
    if (!now_.finished) rows();
  }

 private:
  void begin() {
    now_.begun = true;
    to_.db().transaction([&] {
      // What a migration puts there comes from the source as well.
      to_.db().execute(("DELETE FROM " + quoted(into_.name)).c_str());
      progress_.set(into_.name, now_);
    });
    progress_.checkpoint();
  }

  void rows() {
    const auto head = insert_head(what_, into_);
    const auto total = from_.db().one<std::uint64_t>(("SELECT COUNT(*) FROM " + quoted(what_.name)).c_str(), {});
    const auto before = now_.rows;
    reader in(from_, what_, now_.position);
    page portion;
    while (in.next(portion)) {
      now_.position = in.position();
      now_.rows = before + in.rows();
      to_.db().transaction([&] {
        to_.insert(head, what_.columns.size(), portion.values());
        progress_.set(into_.name, now_);
        progress_.checkpoint();
      });
      progress_.checkpoint();
      report_.progress(what_.name, now_.rows, std::get<0>(*total));
    }
    go_on_counting(to_, into_, what_.next_id);
    now_.finished = true;
    to_.db().transaction([&] { progress_.set(into_.name, now_); });
    progress_.checkpoint();
  }

  end& from_;
  end& to_;
  const table& what_;
  const table& into_;
  progress& progress_;
  report& report_;
  progress::place now_;
};

}  // namespace

void copy_tables(end& from, end& to, const catalog& tables, progress& where, report& out) {
  const auto there = read_catalog(to);
  for (const auto& [name, what] : tables) {
    if (is_bookkeeping(name)) continue;
    try {
      table_copy(from, to, what, there.at(name), where, out).run();
    } catch (const sql_error& e) {
      throw trouble("table " + what.name + ", from " + from.shown() + " to " + to.shown() + ": " + e.what() +
                        "; what is done stays: mend it and run the same command again",
                    interrupted);
    }
  }
}

}  // namespace parley::store
