"""MySQL's and MariaDB's words for the contract suite."""

from tests.adapters.example import Example

EXAMPLE = Example(
    script="""-- the first
CREATE TABLE one (id int);
/* the second */
CREATE TABLE two (
  name varchar(10) DEFAULT 'a;b'); -- not two

CREATE INDEX two_name ON two (name)
""",
    broken="ALTER TABLE users ADD COLUMN gone int;\nALTER TABLE nowhere ADD COLUMN gone int;",
    unparsable="CREATE TABEL users (id int)",
    addition="ALTER TABLE users ADD COLUMN note varchar(20)",
    query="SELECT * FROM orders WHERE user_id = 5",
    wrong_query="SELECT nothing_such FROM orders",
    deletion="DELETE FROM orders",
)
