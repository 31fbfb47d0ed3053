from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [
        migrations.AddField("person", "nick", models.CharField(max_length=40, null=True)),
        migrations.RunSQL(
            "CREATE INDEX people_nick ON people_person (nick)",
            "SELECT 1",
        ),
        migrations.RunSQL(  # expect: round-trip-exact broken
            "ALTER TABLE people_person ADD COLUMN seen date",
            "SELECT 1",
        ),
    ]
