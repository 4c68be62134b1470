from django.db import migrations

KEEP = """
CREATE FUNCTION sales_tally_deals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO sales_dealtally (pipeline_id, stage_id, team_id, owner_id, deals, base_amount, weighted_percent)
        SELECT pipeline_id, stage_id, team_id, owner_id, count(*), sum(base_amount), sum(base_amount * probability)
        FROM new_rows WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO sales_dealtally (pipeline_id, stage_id, team_id, owner_id, deals, base_amount, weighted_percent)
        SELECT pipeline_id, stage_id, team_id, owner_id, -count(*), -sum(base_amount), -sum(base_amount * probability)
        FROM old_rows WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4;
    ELSE
        INSERT INTO sales_dealtally (pipeline_id, stage_id, team_id, owner_id, deals, base_amount, weighted_percent)
        SELECT pipeline_id, stage_id, team_id, owner_id, sum(n), sum(n * base_amount), sum(n * base_amount * probability)
        FROM (
            SELECT 1 AS n, pipeline_id, stage_id, team_id, owner_id, base_amount, probability
            FROM new_rows WHERE deleted_at IS NULL
            UNION ALL
            SELECT -1, pipeline_id, stage_id, team_id, owner_id, base_amount, probability
            FROM old_rows WHERE deleted_at IS NULL
        ) AS changed
        GROUP BY pipeline_id, stage_id, team_id, owner_id
        HAVING sum(n) <> 0 OR sum(n * base_amount) <> 0 OR sum(n * base_amount * probability) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sales_tally_insert AFTER INSERT ON sales_deal REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION sales_tally_deals();
CREATE TRIGGER sales_tally_update AFTER UPDATE ON sales_deal REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION sales_tally_deals();
CREATE TRIGGER sales_tally_delete AFTER DELETE ON sales_deal REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION sales_tally_deals();
INSERT INTO sales_dealtally (pipeline_id, stage_id, team_id, owner_id, deals, base_amount, weighted_percent)
SELECT pipeline_id, stage_id, team_id, owner_id, count(*), sum(base_amount), sum(base_amount * probability)
FROM sales_deal WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4;
"""

FORGET = """
DROP TRIGGER sales_tally_insert ON sales_deal;
DROP TRIGGER sales_tally_update ON sales_deal;
DROP TRIGGER sales_tally_delete ON sales_deal;
DROP FUNCTION sales_tally_deals();
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0001_pipeline_and_orders")]

    operations = [
        migrations.RunSQL(KEEP, FORGET),
    ]
