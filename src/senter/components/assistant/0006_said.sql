-- What people said, to be found again by its words; the text itself stays in the turns.
CREATE VIRTUAL TABLE said USING fts5(
    text, content = 'turns', content_rowid = 'sequence', tokenize = 'porter unicode61 remove_diacritics 2'
);

INSERT INTO said (said) VALUES ('rebuild');

CREATE TRIGGER turns_said AFTER INSERT ON turns BEGIN
    INSERT INTO said (rowid, text) VALUES (new.sequence, new.text);
END;

CREATE TRIGGER turns_unsaid AFTER DELETE ON turns BEGIN
    INSERT INTO said (said, rowid, text) VALUES ('delete', old.sequence, old.text);
END;
