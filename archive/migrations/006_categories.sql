-- Categories have numbers of their own, which their addresses need (forum.php?gid=1).

ALTER TABLE boards ADD COLUMN category_fid INTEGER; -- The forum's own number of the category it is listed under (gid)
