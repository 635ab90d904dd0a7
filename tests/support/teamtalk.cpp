#include "support/teamtalk.hpp"

#include <sstream>

#include "client/content.hpp"
#include "client/digest.hpp"
#include "support/failure.hpp"

namespace parley::test {
namespace {

std::string message_shards() {
  std::string sql;
  for (char shard = '0'; shard < '8'; ++shard) {
    sql += std::string("CREATE TABLE IMMessage_") + shard + R"((id int(11) NOT NULL AUTO_INCREMENT,
  relateId int(11) unsigned NOT NULL, fromId int(11) unsigned NOT NULL, toId int(11) unsigned NOT NULL,
  msgId int(11) unsigned NOT NULL, content varchar(4096) COLLATE utf8mb4_bin DEFAULT '',
  type tinyint(2) unsigned NOT NULL DEFAULT 1, status tinyint(1) unsigned NOT NULL DEFAULT 0,
  updated int(11) unsigned NOT NULL, created int(11) unsigned NOT NULL, PRIMARY KEY (id),
  KEY idx_relateId_status_created (relateId, status, created),
  KEY idx_relateId_status_msgId_created (relateId, status, msgId, created),
  KEY idx_fromId_toId_status (fromId, toId, status)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
)" + "CREATE TABLE IMGroupMessage_" +
           shard + R"((id int(11) NOT NULL AUTO_INCREMENT, groupId int(11) unsigned NOT NULL,
  userId int(11) unsigned NOT NULL, msgId int(11) unsigned NOT NULL, content varchar(4096) COLLATE utf8mb4_bin NOT NULL,
  type tinyint(3) unsigned NOT NULL DEFAULT 2, status int(11) unsigned NOT NULL DEFAULT 0,
  updated int(11) unsigned NOT NULL DEFAULT 0, created int(11) unsigned NOT NULL DEFAULT 0, PRIMARY KEY (id),
  KEY idx_groupId_status_created (groupId, status, created),
  KEY idx_groupId_msgId_status_created (groupId, msgId, status, created)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
)";
  }
  return sql;
}

std::string quoted(const std::string& text) {
  return "'" + text + "'";
}

struct said {
  std::uint32_t relation, from, to, msg_id, created;
  std::string text;
  std::uint32_t type = 1;
};

std::string message_sql(const said& one) {
  std::ostringstream sql;
  sql << "INSERT INTO IMMessage_" << one.relation % 8
      << "(relateId, fromId, toId, msgId, content, type, updated, created) VALUES (" << one.relation << ',' << one.from
      << ',' << one.to << ',' << one.msg_id << ',' << quoted(one.type == 1 ? encrypted(one.text) : one.text) << ','
      << one.type << ',' << one.created << ',' << one.created << ");\n";
  return sql.str();
}

std::string session_sql(std::uint32_t user, std::uint32_t peer, std::uint32_t type = 1) {
  std::ostringstream sql;
  sql << "INSERT INTO IMRecentSession(userId, peerId, type, status, created, updated) VALUES (" << user << ',' << peer
      << ',' << type << ", 0, 1000, " << 1000 + peer << ");\n";
  return sql.str();
}

std::string relation_sql(std::uint32_t id, std::uint32_t small, std::uint32_t big) {
  const auto pair = std::to_string(small) + ", " + std::to_string(big);
  return "INSERT INTO IMRelationShip(id, smallId, bigId, status, created, updated) VALUES (" + std::to_string(id) +
         ", " + pair + ", 0, 1, 1);\n";
}

std::string users_sql() {
  std::string sql;
  std::uint32_t id = 0;
  for (const std::string name : {"ann", "bob", "ann", "dan", "eve", "fay"}) {
    const bool left = ++id == 3;
    sql += "INSERT INTO IMUser(id, name, nick, password, salt, departId, status, created, updated) VALUES (" +
           std::to_string(id) + ", '" + name + "', '" + name + "', '" +
           teamtalk_password(left ? "old-secret" : name + "-secret", "1234") + "', '1234', 1, " + (left ? "3" : "0") +
           ", 1, 1);\n";
  }
  return sql + R"(
INSERT INTO IMUser(id, name, nick, password, salt, departId, created, updated)
  WITH RECURSIVE n(i) AS (SELECT 101 UNION ALL SELECT i + 1 FROM n WHERE i < 1300)
  SELECT i, CONCAT('user', i), CONCAT('user', i), '', '', 1, 1, 1 FROM n;
INSERT INTO IMRelationShip(id, smallId, bigId, status, created, updated)
  WITH RECURSIVE n(i) AS (SELECT 102 UNION ALL SELECT i + 1 FROM n WHERE i < 1300)
  SELECT 8 * i, i - 1, i, 0, 1, 1 FROM n;
INSERT INTO IMMessage_0(relateId, fromId, toId, msgId, content, updated, created)
  SELECT id, bigId, smallId, 1, 'x', 5, 5 FROM IMRelationShip WHERE smallId > 100;
)";
}

}  // namespace

std::string teamtalk_password(const std::string& plain, const std::string& salt) {
  return client::md5_hex(client::md5_hex(plain) + salt);
}

std::string encrypted(const std::string& text) {
  client::content_codec codec;
  return codec.encrypt(text).value();
}

std::string teamtalk_tables() {
  return R"(
CREATE TABLE IMAdmin(id mediumint(6) unsigned NOT NULL AUTO_INCREMENT, uname varchar(40) NOT NULL, pwd char(32) NOT NULL,
  status tinyint(2) unsigned NOT NULL DEFAULT 0, created int(11) unsigned NOT NULL DEFAULT 0,
  updated int(11) unsigned NOT NULL DEFAULT 0, PRIMARY KEY (id)) ENGINE=InnoDB DEFAULT CHARSET=utf8;
INSERT INTO IMAdmin(uname, pwd) VALUES ('admin', '21232f297a57a5a743894a0e4a801fc3');
CREATE TABLE IMUser(id int(11) unsigned NOT NULL AUTO_INCREMENT, sex tinyint(1) unsigned NOT NULL DEFAULT 0,
  name varchar(32) COLLATE utf8mb4_bin NOT NULL DEFAULT '', domain varchar(32) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  nick varchar(32) COLLATE utf8mb4_bin NOT NULL DEFAULT '', password varchar(32) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  salt varchar(4) COLLATE utf8mb4_bin NOT NULL DEFAULT '', phone varchar(11) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  email varchar(64) COLLATE utf8mb4_bin NOT NULL DEFAULT '', avatar varchar(255) COLLATE utf8mb4_bin DEFAULT '',
  departId int(11) unsigned NOT NULL, status tinyint(2) unsigned DEFAULT 0, created int(11) unsigned NOT NULL,
  updated int(11) unsigned NOT NULL, push_shield_status tinyint(1) unsigned NOT NULL DEFAULT 0,
  sign_info varchar(128) COLLATE utf8mb4_bin NOT NULL DEFAULT '', PRIMARY KEY (id), KEY idx_domain (domain),
  KEY idx_name (name), KEY idx_phone (phone)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE IMDepart(id int(11) unsigned NOT NULL AUTO_INCREMENT, departName varchar(64) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  priority int(11) unsigned NOT NULL DEFAULT 0, parentId int(11) unsigned NOT NULL, status int(11) unsigned NOT NULL DEFAULT 0,
  created int(11) unsigned NOT NULL DEFAULT 0, updated int(11) unsigned NOT NULL DEFAULT 0, PRIMARY KEY (id),
  KEY idx_departName (departName), KEY idx_priority_status (priority, status)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE IMDiscovery(id int(11) unsigned NOT NULL AUTO_INCREMENT, itemName varchar(64) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  itemUrl varchar(64) COLLATE utf8mb4_bin NOT NULL DEFAULT '', itemPriority int(11) unsigned NOT NULL,
  status int(11) unsigned NOT NULL DEFAULT 0, created int(11) unsigned NOT NULL DEFAULT 0,
  updated int(11) unsigned NOT NULL DEFAULT 0, PRIMARY KEY (id), KEY idx_itemName (itemName)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE IMGroup(id int(11) NOT NULL AUTO_INCREMENT, name varchar(256) COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  avatar varchar(256) COLLATE utf8mb4_bin NOT NULL DEFAULT '', creator int(11) unsigned NOT NULL DEFAULT 0,
  type tinyint(3) unsigned NOT NULL DEFAULT 1, userCnt int(11) unsigned NOT NULL DEFAULT 0,
  status tinyint(3) unsigned NOT NULL DEFAULT 1, version int(11) unsigned NOT NULL DEFAULT 1,
  lastChated int(11) unsigned NOT NULL DEFAULT 0, updated int(11) unsigned NOT NULL DEFAULT 0,
  created int(11) unsigned NOT NULL DEFAULT 0, PRIMARY KEY (id), KEY idx_name (name(191)), KEY idx_creator (creator)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE TABLE IMGroupMember(id int(11) NOT NULL AUTO_INCREMENT, groupId int(11) unsigned NOT NULL, userId int(11) unsigned NOT NULL,
  status tinyint(4) unsigned NOT NULL DEFAULT 1, created int(11) unsigned NOT NULL DEFAULT 0,
  updated int(11) unsigned NOT NULL DEFAULT 0, PRIMARY KEY (id), KEY idx_groupId_userId_status (groupId, userId, status),
  KEY idx_userId_status_updated (userId, status, updated), KEY idx_groupId_updated (groupId, updated)) ENGINE=InnoDB DEFAULT CHARSET=utf8;
CREATE TABLE IMRelationShip(id int(11) unsigned NOT NULL AUTO_INCREMENT, smallId int(11) unsigned NOT NULL,
  bigId int(11) unsigned NOT NULL, status tinyint(1) unsigned DEFAULT 0, created int(11) unsigned NOT NULL DEFAULT 0,
  updated int(11) unsigned NOT NULL DEFAULT 0, PRIMARY KEY (id),
  KEY idx_smallId_bigId_status_updated (smallId, bigId, status, updated)) ENGINE=InnoDB DEFAULT CHARSET=utf8;
CREATE TABLE IMRecentSession(id int(11) unsigned NOT NULL AUTO_INCREMENT, userId int(11) unsigned NOT NULL,
  peerId int(11) unsigned NOT NULL, type tinyint(1) unsigned DEFAULT 0, status tinyint(1) unsigned DEFAULT 0,
  created int(11) unsigned NOT NULL DEFAULT 0, updated int(11) unsigned NOT NULL DEFAULT 0, PRIMARY KEY (id),
  KEY idx_userId_peerId_status_updated (userId, peerId, status, updated),
  KEY idx_userId_peerId_type (userId, peerId, type)) ENGINE=InnoDB DEFAULT CHARSET=utf8;
CREATE TABLE IMAudio(id int(11) NOT NULL AUTO_INCREMENT, fromId int(11) unsigned NOT NULL, toId int(11) unsigned NOT NULL,
  path varchar(255) COLLATE utf8mb4_bin DEFAULT '', size int(11) unsigned NOT NULL DEFAULT 0,
  duration int(11) unsigned NOT NULL DEFAULT 0, created int(11) unsigned NOT NULL, PRIMARY KEY (id),
  KEY idx_fromId_toId (fromId, toId)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
)" + message_shards();
}

teamtalk_deployment::teamtalk_deployment() : longest(4096, 'y') {
  for (int i = 0; i < 20000; ++i) speech += static_cast<char>(i * 7 % 256);
  for (int i = 0; i < 300; ++i) short_speech += static_cast<char>(i * 11 % 256);
}

void teamtalk_deployment::fill_database(mariadb& server, const std::string& database) const {
  constexpr std::uint32_t none = 4294967295;
  auto sql = teamtalk_tables() + users_sql();
  // ann and bob: a number twice, one that is none, and the counter begun anew.
  sql += relation_sql(9, 1, 2);
  for (const auto& one : std::vector<said>{{9, 1, 2, 1, 100, "one"},
                                           {9, 2, 1, 2, 110, "two"},
                                           {9, 1, 2, 3, 120, "three"},
                                           {9, 2, 1, 3, 121, "three again"},
                                           {9, 1, 2, none, 130, "without a number"},
                                           {9, 1, 2, 1, 140, "begun anew"},
                                           {9, 2, 1, 9, 150, "nine"}}) {
    sql += message_sql(one);
  }
  // ann and dan: two relations in two tables; bob and dan: two in one table.
  sql += relation_sql(10, 1, 4) + relation_sql(17, 1, 4) + relation_sql(11, 2, 4) + relation_sql(19, 2, 4);
  for (const auto& one : std::vector<said>{{10, 1, 4, 1, 200, "a1"},
                                           {17, 4, 1, 1, 205, "b1"},
                                           {10, 1, 4, 2, 210, "a2"},
                                           {17, 4, 1, 2, 215, "b2"},
                                           {17, 4, 1, 3, 216, "b3"},
                                           {11, 2, 4, 1, 200, "c1"},
                                           {19, 4, 2, 1, 205, "d1"},
                                           {19, 4, 2, 2, 206, "d2"},
                                           {11, 2, 4, 2, 210, "c2"}}) {
    sql += message_sql(one);
  }
  // dan and eve: the longest text there is, and a counter ahead of what was stored. eve and fay: unread messages.
  sql += relation_sql(12, 4, 5) + relation_sql(13, 5, 6);
  sql += "INSERT INTO IMMessage_4(relateId, fromId, toId, msgId, content, updated, created) VALUES (12, 4, 5, 1, '" +
         longest + "', 300, 300);\n";
  for (std::uint32_t i = 1; i <= 50; ++i)
    sql += message_sql({13, i % 5 ? 5u : 6u, i % 5 ? 6u : 5u, i, 400 + i, "text"});
  // ann and eve: recordings; the third is not in msfs, the fourth is shorter there than it was.
  sql += relation_sql(14, 1, 5);
  const std::string path = "http://10.9.8.7:8700/g0/000/001/";
  const auto audio = [&](int id, const std::string& where, std::size_t size, int seconds) {
    sql += "INSERT INTO IMAudio(id, fromId, toId, path, size, duration, created) VALUES (" + std::to_string(id) +
           ", 1, 5, '" + where + "', " + std::to_string(size) + ", " + std::to_string(seconds) + ", 500);\n";
    sql += message_sql(
        {14, 1, 5, static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(500 + id), std::to_string(id), 2});
  };
  audio(1, path + "1700000000000001_7.audio", speech.size(), 7);
  audio(2, "g0/000/001/1700000000000002_7.audio", short_speech.size(), 300);
  audio(3, path + "gone.audio", 100, 3);
  audio(4, path + "cut.audio", 100, 4);
  for (const auto& [user, peer] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
           {1, 2}, {2, 1}, {1, 4}, {4, 1}, {2, 4}, {4, 2}, {4, 5}, {5, 4}, {5, 6}, {6, 5}, {1, 5}, {5, 1}}) {
    sql += session_sql(user, peer);
  }
  // Group 1: MySQL knows too few and too many; group 2: Redis knows nothing of it.
  sql += R"(
INSERT INTO IMGroup(id, name, creator, status, userCnt) VALUES (1, 'first', 1, 0, 6), (2, 'second', 2, 0, 2);
INSERT INTO IMGroupMember(groupId, userId, status, created, updated) VALUES (1, 1, 0, 50, 50), (1, 4, 0, 51, 51),
  (1, 5, 1, 52, 52), (1, 1, 0, 53, 53), (2, 2, 0, 60, 60), (2, 6, 0, 61, 61);
INSERT INTO IMGroupMessage_1(groupId, userId, msgId, content, type, updated, created) VALUES
  (1, 1, 1, 'g1', 17, 70, 70), (1, 2, 2, 'g2', 17, 71, 71), (1, 5, 2, 'g2 again', 17, 72, 72), (1, 1, 4, 'g4', 17, 73, 73);
)";
  server.run(sql, database);
}

void teamtalk_deployment::fill_redis(redis_server& server) const {
  const auto in = [&](const char* database, std::vector<std::vector<std::string>> commands) {
    // A connection for each command: the database is chosen by a script's SELECT of its own.
    for (auto& words : commands) {
      std::string call = "redis.call('select', " + std::string(database) + ") return redis.call(";
      for (std::size_t i = 0; i < words.size(); ++i) call += (i ? ", '" : "'") + words[i] + "'";
      server.ask({"EVAL", call + ")", "0"});
    }
  };
  in("1", {{"HSET", "unread_6", "5", "7"},
           {"HSET", "unread_1", "2", "2"},
           {"HSET", "unread_1", "4", "3"},
           {"HSET", "unread_4", "1", "9"},
           {"SET", "msg_id_9", "9"},
           {"SET", "msg_id_12", "6"},
           {"SET", "msg_id_13", "50"},
           {"SET", "group_msg_id_1", "11"},
           {"HSET", "1_im_group_msg", "count", "4"},
           {"HSET", "1_1_im_user_group", "count", "4"},
           {"HSET", "2_1_im_user_group", "count", "2"},
           {"HSET", "5_1_im_user_group", "count", "3"},
           {"SET", "total_user_update", "1"}});
  in("2", {{"HSET", "group_set_1", "2_1", "1"}, {"HSET", "group_set_1", "1_1", "0"}});
  in("4", {{"SET", "device_1", "ios:apple-token"},
           {"SET", "device_apple-token", "1"},
           {"SET", "device_4", "ios:apple-token"},
           {"SET", "device_2", "android:robot-token"},
           {"SET", "device_robot-token", "2"},
           {"SET", "device_5", ""}});
  in("5", {{"HSET", "group_member_1", "1", "50"},
           {"HSET", "group_member_1", "2", "55"},
           {"HSET", "group_member_1", "5", "66"}});
}

void teamtalk_deployment::fill_msfs(const std::filesystem::path& base) const {
  const auto folder = base / "000" / "001";
  std::filesystem::create_directories(folder);
  write_file(folder / "1700000000000001_7.audio", speech);
  write_file(folder / "1700000000000002_7.audio", short_speech);
  write_file(folder / "cut.audio", "too short");
}

std::string fingerprint(mariadb& server, const std::string& database) {
  const auto lines = [&](const std::string& sql) {
    std::istringstream in(server.run("SET group_concat_max_len = 100000;\n" + sql));
    std::vector<std::string> all;
    for (std::string line; std::getline(in, line, ',');) all.push_back(line);
    return all;
  };
  const auto at = "TABLE_SCHEMA = '" + database + "'";
  std::string out;
  for (const auto& table :
       lines("SELECT GROUP_CONCAT(TABLE_NAME ORDER BY TABLE_NAME) FROM information_schema.TABLES WHERE " + at +
             " AND TABLE_NAME <> 'commit_marker'")) {
    const bool moves = table.starts_with("IMMessage_") || table == "IMGroupMember" || table == "import_change";
    std::string values;
    for (const auto& column :
         lines("SELECT GROUP_CONCAT(COLUMN_NAME ORDER BY ORDINAL_POSITION) FROM information_schema.COLUMNS WHERE " +
               at + " AND TABLE_NAME = '" + table + "'")) {
      const bool today = column == "applied" || column == "finished" || column == "new_row_id" ||
                         (column == "updated" && (table == "device_token" || table == "group_shield"));
      if ((moves && column == "id") || today) continue;
      values += ", COALESCE(\"" + column + "\", 'NULL')";
    }
    if (values.empty()) continue;
    out += table + " " +
           server.run("SELECT CONCAT(COUNT(*), ' ', COALESCE(SUM(CAST(CONV(LEFT(MD5(CONCAT_WS('|'" + values +
                          ")), 12), 16, 10) AS UNSIGNED)), 0)) FROM \"" + table + "\"",
                      database) +
           "\n";
  }
  return out;
}

}  // namespace parley::test
