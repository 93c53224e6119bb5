-- How much of a post its readers could see, so that a page which shows less of it takes nothing away.

ALTER TABLE posts ADD COLUMN view TEXT NOT NULL DEFAULT ''; -- How it was seen, in words: guest or member; hiding (the page said that it hid a part), fileless (the reader might see no files), part (one part of a split post), saved (a browser's saved copy); empty where no page said
