BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE drafts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	person BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	step TEXT NOT NULL, 
	answers TEXT NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	expires BIGINT NOT NULL, 
	FOREIGN KEY(person) REFERENCES people (id) ON DELETE CASCADE
);
INSERT INTO "drafts" VALUES(1,7,'delete','confirm','{}',1,1800000000000000);
CREATE TABLE inbox (
	bot BIGINT NOT NULL, 
	update_id BIGINT NOT NULL, 
	chat BIGINT, 
	body TEXT, 
	state TEXT NOT NULL, 
	owner TEXT, 
	handed BOOLEAN DEFAULT 0 NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	received BIGINT NOT NULL, 
	PRIMARY KEY (bot, update_id), 
	CONSTRAINT inbox_state CHECK (state IN ('waiting', 'done', 'failed'))
);
INSERT INTO "inbox" VALUES(1,5,NULL,NULL,'done',NULL,0,0,1790000000000000);
INSERT INTO "inbox" VALUES(1,6,7,'{"update_id": 6}','waiting','p1',0,0,1790000000000000);
CREATE TABLE people (
	id INTEGER NOT NULL, 
	language TEXT, 
	code TEXT, 
	role TEXT, 
	blocked BOOLEAN DEFAULT 0 NOT NULL, 
	created BIGINT NOT NULL, 
	seen BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "people" VALUES(7,'uk','uk',NULL,0,1790000000000000,1789948800000000);
INSERT INTO "people" VALUES(8,NULL,'de','staff',1,1790000000000001,1789948800000000);
CREATE TABLE processes (
	owner TEXT NOT NULL, 
	alive_until BIGINT NOT NULL, 
	PRIMARY KEY (owner)
);
INSERT INTO "processes" VALUES('p1',1790000000000000);
CREATE TABLE secrets (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "secrets" VALUES('erased','00ff');
CREATE TABLE tallies (
	month TEXT NOT NULL, 
	language TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	count BIGINT NOT NULL, 
	PRIMARY KEY (month, language, outcome, subject)
);
INSERT INTO "tallies" VALUES('2026-12','uk','answer','german-courses',3);
CREATE INDEX ix_drafts_person ON drafts (person);
CREATE INDEX inbox_waiting ON inbox (bot, chat, update_id) WHERE state = 'waiting';
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('drafts',1);
COMMIT;
