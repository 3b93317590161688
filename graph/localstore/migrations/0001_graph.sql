-- The record of what was said.
CREATE TABLE document (
  id   TEXT PRIMARY KEY,
  text TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE batch (
  document    TEXT NOT NULL REFERENCES document (id),
  extractor   TEXT NOT NULL,
  claims      TEXT NOT NULL, -- JSON, without the document's text
  imported_at TEXT NOT NULL,
  PRIMARY KEY (document, extractor)
);

CREATE TABLE tally (
  fact     TEXT NOT NULL,
  property TEXT NOT NULL,
  value    TEXT NOT NULL,
  n        INTEGER NOT NULL,
  PRIMARY KEY (fact, property, value)
) WITHOUT ROWID;

-- Passages for and against facts. Where the fact is a node, a row is that
-- node's EVIDENCED_BY edge, from "shown" to "passage".
CREATE TABLE evidence (
  fact       TEXT NOT NULL,
  shown      TEXT NOT NULL,
  passage    TEXT NOT NULL,
  key        TEXT NOT NULL,
  document   TEXT NOT NULL,
  extractor  TEXT NOT NULL, -- of the batch
  stance     TEXT NOT NULL,
  confidence REAL NOT NULL,
  start      INTEGER NOT NULL,
  properties TEXT NOT NULL
);
CREATE INDEX evidence_fact ON evidence (fact, stance DESC, confidence DESC, document, start);
CREATE INDEX evidence_shown ON evidence (shown, passage);
CREATE INDEX evidence_passage ON evidence (passage); -- a document's passages are a range of ids

-- What the graph shows.
CREATE TABLE node (
  number     INTEGER PRIMARY KEY, -- of the node's row in the table search
  id         TEXT NOT NULL UNIQUE,
  label      TEXT NOT NULL,
  name       TEXT NOT NULL,
  folded     TEXT, -- an actor's or instrument's name in lower case
  properties TEXT NOT NULL, -- JSON
  owner      TEXT NOT NULL
);
CREATE INDEX node_label ON node (label, name);
CREATE INDEX node_folded ON node (folded) WHERE folded IS NOT NULL;
CREATE INDEX node_id ON node (id COLLATE NOCASE) WHERE folded IS NOT NULL;
CREATE INDEX node_owner ON node (owner);
CREATE INDEX node_uri ON node (properties ->> '$.uri') WHERE label = 'Document';

CREATE TABLE edge (
  src        TEXT NOT NULL,
  type       TEXT NOT NULL,
  dst        TEXT NOT NULL,
  key        TEXT NOT NULL,
  properties TEXT NOT NULL, -- JSON
  owner      TEXT NOT NULL,
  PRIMARY KEY (src, type, dst, key)
) WITHOUT ROWID;
CREATE INDEX edge_back ON edge (dst, type, src, key);
CREATE INDEX edge_owner ON edge (owner);

-- The words of actors, instruments and passages. The texts stand in node.
CREATE VIRTUAL TABLE search USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');
