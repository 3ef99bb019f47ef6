-- How answers are written in a channel: in a style, and in a language (a BCP 47 tag).
alter table channels add column style text, add column language text;
