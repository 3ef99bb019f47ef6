-- What vision models said. name: a digest of the images, in order, and of what else the answer depends on; question: of
-- the latter alone, beside looks (a perceptual hash of the only image) to find answers about images that look alike.
create table model_answers (
    team text not null,
    name text not null,
    images text[] not null,
    question text not null,
    looks bigint,
    answer json not null,
    at timestamptz not null,
    primary key (team, name)
);

create index model_answers_images on model_answers using gin (images);
create index model_answers_at on model_answers (team, at);
create index model_answers_question on model_answers (team, question) where looks is not null;
