// Looking things up by name. Text indexes take long names; range indexes do not.
CREATE TEXT INDEX actor_name IF NOT EXISTS FOR (n:Actor) ON (n.name);
CREATE TEXT INDEX instrument_name IF NOT EXISTS FOR (n:Instrument) ON (n.name);
CREATE TEXT INDEX document_uri IF NOT EXISTS FOR (n:Document) ON (n.uri);
CREATE TEXT INDEX tally_folded IF NOT EXISTS FOR (n:Tally) ON (n.folded);
CREATE TEXT INDEX tally_folded_id IF NOT EXISTS FOR (n:Tally) ON (n.foldedId);

// The batches of a document.
CREATE INDEX batch_document IF NOT EXISTS FOR (n:Batch) ON (n.document);

// Words in names and quotes, accents apart.
CREATE FULLTEXT INDEX search IF NOT EXISTS FOR (n:Actor|Instrument|Passage) ON EACH [n.name, n.names, n.quote]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}};
