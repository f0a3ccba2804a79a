-- What search asks of the database. Run by a migration; docs/adr and knowledge/search/legs.py say how it is used.

-- The parameters of pgvector can be set in a function only once its library has been loaded.
SELECT '[1]'::halfvec;

-- Few chunks are shared between practices: they are found without reading those that are not.
CREATE INDEX chunk_shared ON knowledge_chunk (kind) WHERE shared;

-- The condition on chunks `c` that a search may see, with the parameters $1 practice, $2 day, $3 kinds, $4 sources.
-- `part` is "own" (the practice's), "others" (the platform's, and what other practices share), or "all".
CREATE FUNCTION knowledge_visible(part text, practice bigint, on_day date, kinds text[], archived boolean,
                                  sources bigint[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN part = 'own' THEN 'c.practice_id = $1'
                WHEN part = 'others' AND practice IS NULL THEN '(c.practice_id IS NULL OR c.shared)'
                WHEN part = 'others' THEN '(c.practice_id IS NULL OR (c.shared AND c.practice_id <> $1))'
                WHEN practice IS NULL THEN '(c.practice_id IS NULL OR c.shared)'
                ELSE '(c.practice_id IS NULL OR c.practice_id = $1 OR c.shared)' END
        || CASE WHEN archived THEN ' AND c.standing' ELSE ' AND c.standing AND NOT c.archived' END
        || CASE WHEN on_day IS NULL THEN ' AND c.valid_to IS NULL'
                ELSE ' AND (c.valid_from IS NULL OR c.valid_from <= $2) AND (c.valid_to IS NULL OR c.valid_to > $2)' END
        || CASE WHEN cardinality(kinds) > 0 THEN ' AND c.kind = ANY($3)' ELSE '' END
        || CASE WHEN cardinality(sources) > 0 THEN ' AND c.source_id = ANY($4)' ELSE '' END
$$;

-- The `wanted` chunks nearest to `query` by cosine distance, never fewer than there are. What the practice owns and
-- what others let it see are looked through apart, each by the way that its size asks for: up to 12,000 chunks are
-- compared one by one, more are found by the HNSW index, which is scanned on until the filter has left enough.
-- `way` is "chosen", or "exact" to compare all of them. Vectors of another model than `embedder` are not compared.
CREATE FUNCTION knowledge_nearest(query halfvec, embedder text, practice bigint, on_day date, kinds text[],
                                  archived boolean, sources bigint[], wanted integer, way text)
RETURNS TABLE (chunk_id bigint, version_id bigint, distance double precision, taken text) LANGUAGE plpgsql VOLATILE
SET hnsw.iterative_scan = 'strict_order'
SET hnsw.max_scan_tuples = '1000000'
SET hnsw.scan_mem_multiplier = '8'
AS $$
DECLARE
    small CONSTANT integer := 12000;
    part text;
    visible text;
    chunks integer;
    rows_found integer;
    plan json;
BEGIN
    IF query IS NULL THEN RETURN; END IF;
    PERFORM set_config('hnsw.ef_search', least(1000, greatest(140, wanted))::text, true);
    FOREACH part IN ARRAY CASE WHEN practice IS NULL THEN ARRAY['others'] ELSE ARRAY['own', 'others'] END LOOP
        visible := knowledge_visible(part, practice, on_day, kinds, archived, sources);
        IF way = 'chosen' THEN
            EXECUTE format('EXPLAIN (FORMAT JSON) SELECT 1 FROM knowledge_chunk c WHERE %s', visible)
                INTO plan USING practice, on_day, kinds, sources;
            chunks := least(1000000000, (plan -> 0 -> 'Plan' ->> 'Plan Rows')::numeric)::integer;
            IF chunks <= 2 * small THEN  -- the planner's guess does for what is clearly large; else they are counted
                EXECUTE format('SELECT count(*) FROM (SELECT 1 FROM knowledge_chunk c WHERE %s LIMIT %s) AS few',
                               visible, small + 1) INTO chunks USING practice, on_day, kinds, sources;
            END IF;
            CONTINUE WHEN chunks = 0;
            IF chunks > small THEN
                PERFORM set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true),
                        set_config('enable_bitmapscan', 'off', true);
                RETURN QUERY EXECUTE format(
                    'SELECT c.id, c.version_id, c.embedding <=> $5, ''index'' FROM knowledge_chunk c'
                    ' WHERE %s AND c.embedded_with = $6 ORDER BY c.embedding <=> $5 LIMIT %s', visible, wanted)
                    USING practice, on_day, kinds, sources, query, embedder;
                GET DIAGNOSTICS rows_found = ROW_COUNT;
                PERFORM set_config('enable_sort', 'on', true), set_config('enable_seqscan', 'on', true),
                        set_config('enable_bitmapscan', 'on', true);
                CONTINUE WHEN rows_found >= wanted;
            END IF;
        END IF;
        RETURN QUERY EXECUTE format(
            'SELECT c.id, c.version_id, c.embedding <=> $5, ''exact'' FROM knowledge_chunk c'
            ' WHERE %s AND c.embedded_with = $6 ORDER BY (c.embedding <=> $5) + 0 LIMIT %s', visible, wanted)
            USING practice, on_day, kinds, sources, query, embedder;
    END LOOP;
END
$$;

-- Up to `wanted` versions that may answer, with what the ranking weighs. `terms` are words or phrases, at most 30;
-- `named` are identifiers. Of each version: its places in the two legs (null: not found by it), whether it was named,
-- the terms that its heading has (a sum of powers of two), and of each of its chunks the role, the cosine and the terms.
-- The first row's `chunks_with` counts the chunks that have each term, `chunks` all that may be seen, up to a bound.
CREATE FUNCTION knowledge_search(terms text[], named text[], query halfvec, embedder text, practice bigint, on_day date,
                                 kinds text[], archived boolean, sources bigint[], wanted integer)
RETURNS TABLE (version_id bigint, vector_place integer, text_place integer, is_named boolean, heading_terms bigint,
               chunk_ids bigint[], roles text[], cosines real[], chunk_terms bigint[], best jsonb,
               chunks_with integer[], chunks integer) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    counted CONSTANT integer := 2000;  -- chunks with a term are counted, and weighed, up to so many
    visible CONSTANT text := knowledge_visible('all', practice, on_day, kinds, archived, sources);
    asked tsquery[];
    counts integer[] := '{}';
    weights real[] := '{}';
    told tsquery[];  -- the terms that any chunk has
    told_weights real[];
    told_bits bigint[];
    total integer;
    one tsquery;
    amount integer;
    condition tsquery;
    read_so_far integer := 0;
    place integer;
    by_text bigint[] := '{}';
    by_vector bigint[] := '{}';
    by_name bigint[] := '{}';
    reach integer := wanted * 8;
    reached integer;
    picked bigint[];
BEGIN
    SELECT array_agg(phraseto_tsquery('english', word) ORDER BY number) INTO asked
    FROM unnest(terms) WITH ORDINALITY AS given(word, number);
    EXECUTE format('SELECT count(*) FROM (SELECT 1 FROM knowledge_chunk c WHERE %s LIMIT 20000) AS few', visible)
        INTO total USING practice, on_day, kinds, sources;
    FOREACH one IN ARRAY coalesce(asked, '{}') LOOP
        amount := 0;
        IF numnode(one) > 0 THEN
            EXECUTE format('SELECT count(*) FROM (SELECT 1 FROM knowledge_chunk c WHERE c.search @@ $5 AND %s LIMIT %s)'
                           ' AS few', visible, counted)
                INTO amount USING practice, on_day, kinds, sources, one;
        END IF;
        counts := counts || amount;
        weights := weights || CASE WHEN amount = 0 THEN 0
            ELSE ln(1 + (greatest(total, amount) - amount + 0.5) / (amount + 0.5)) END::real;
    END LOOP;

    -- The rare terms find the candidates; a common one is added only while few rows have to be read.
    FOR place IN SELECT number FROM unnest(counts) WITH ORDINALITY AS term(amount, number)
                 WHERE term.amount > 0 ORDER BY term.amount, number LOOP
        EXIT WHEN condition IS NOT NULL AND read_so_far + counts[place] > counted;
        condition := CASE WHEN condition IS NULL THEN asked[place] ELSE condition || asked[place] END;
        read_so_far := read_so_far + counts[place];
    END LOOP;
    SELECT array_agg(u.term), array_agg(u.weight), array_agg(1::bigint << (u.number - 1)::integer)
    INTO told, told_weights, told_bits
    FROM unnest(asked, weights, counts) WITH ORDINALITY AS u(term, weight, amount, number) WHERE u.amount > 0;
    IF condition IS NOT NULL THEN
        EXECUTE format(
            'SELECT array_agg(found.version_id ORDER BY found.score DESC, found.version_id) FROM ('
            ' SELECT few.version_id, max(few.score) + 0.1 * sum(few.score) / count(*) AS score FROM ('
            '  SELECT c.version_id, had.score FROM (SELECT c.version_id, c.search || '''' AS words'
            '   FROM knowledge_chunk c WHERE c.search @@ $5 AND %s LIMIT %s) AS c'
            '  CROSS JOIN LATERAL (SELECT sum(u.weight) AS score FROM unnest($6, $7) AS u(term, weight)'
            '                      WHERE c.words @@ u.term) AS had) AS few'
            ' GROUP BY few.version_id ORDER BY 2 DESC, 1 LIMIT %s) AS found', visible, counted, wanted)
            INTO by_text USING practice, on_day, kinds, sources, condition, told, told_weights;
    END IF;
    LOOP
        SELECT array_agg(found.version_id ORDER BY found.distance, found.version_id), coalesce(sum(found.amount), 0)
        INTO by_vector, reached
        FROM (SELECT near.version_id, min(near.distance) AS distance, count(*) AS amount
              FROM knowledge_nearest(query, embedder, practice, on_day, kinds, archived, sources, reach, 'chosen') AS near
              GROUP BY near.version_id) AS found;
        EXIT WHEN query IS NULL OR coalesce(cardinality(by_vector), 0) >= wanted OR reached < reach OR reach > 100000;
        reach := reach * 10;
    END LOOP;
    IF cardinality(named) > 0 THEN
        EXECUTE format('SELECT array_agg(DISTINCT c.version_id) FROM knowledge_chunk c'
                       ' WHERE c.identifier = ANY($5) AND %s', visible)
            INTO by_name USING practice, on_day, kinds, sources, named;
    END IF;

    SELECT array_agg(fused.id) INTO picked FROM (
        SELECT either.id FROM (
            SELECT u.id, 1.0 / (60 + u.number) AS value FROM unnest(by_text) WITH ORDINALITY AS u(id, number)
            UNION ALL
            SELECT u.id, 1.0 / (60 + u.number) FROM unnest(by_vector) WITH ORDINALITY AS u(id, number)
            UNION ALL
            SELECT u.id, 1.0 FROM unnest(by_name) AS u(id)) AS either
        GROUP BY either.id ORDER BY sum(either.value) DESC, either.id LIMIT wanted) AS fused;

    RETURN QUERY
    WITH piece AS MATERIALIZED (
        SELECT c.id, c.version_id, c.role, c.heading, c.text, c.start, c."end",
               CASE WHEN c.embedded_with = embedder THEN coalesce(1 - (c.embedding <=> query), 0) ELSE 0 END::real
                   AS cosine,
               had.having, had.score
        FROM knowledge_chunk c
        CROSS JOIN LATERAL (SELECT c.search || '' AS words OFFSET 0) AS plain  -- decompressed once for all terms
        CROSS JOIN LATERAL (SELECT coalesce(sum(u.bit), 0)::bigint AS having, coalesce(sum(u.weight), 0)::real AS score
                            FROM unnest(told, told_weights, told_bits) AS u(term, weight, bit)
                            WHERE plain.words @@ u.term) AS had
        WHERE c.version_id = ANY(picked)
    ), most AS (
        SELECT greatest(max(piece.score), 0.001) AS score FROM piece
    ), ordered AS (
        SELECT piece.*, row_number() OVER (PARTITION BY piece.version_id, piece.role
                                           ORDER BY piece.cosine + piece.score / most.score DESC, piece.id) AS place
        FROM piece, most
    ), shown AS (
        SELECT ordered.version_id, jsonb_agg(jsonb_build_object(
                   'id', ordered.id, 'role', ordered.role, 'text', ordered.text, 'start', ordered.start,
                   'end', ordered."end") ORDER BY ordered.place, ordered.id) AS best
        FROM ordered WHERE ordered.place <= 6 GROUP BY ordered.version_id
    ), gathered AS (
        SELECT piece.version_id, array_agg(piece.id ORDER BY piece.id) AS ids,
               array_agg(piece.role::text ORDER BY piece.id) AS roles,
               array_agg(piece.cosine ORDER BY piece.id) AS cosines,
               array_agg(piece.having ORDER BY piece.id) AS terms, min(piece.heading) AS heading
        FROM piece GROUP BY piece.version_id
    )
    SELECT gathered.version_id, array_position(by_vector, gathered.version_id),
           array_position(by_text, gathered.version_id), gathered.version_id = ANY(coalesce(by_name, '{}')),
           coalesce((SELECT sum(1::bigint << (u.number - 1)::integer)::bigint
                     FROM unnest(asked) WITH ORDINALITY AS u(term, number)
                     WHERE to_tsvector('english', gathered.heading) @@ u.term), 0),
           gathered.ids, gathered.roles, gathered.cosines, gathered.terms, shown.best, counts, total
    FROM gathered JOIN shown USING (version_id) ORDER BY array_position(picked, gathered.version_id);
END
$$;
