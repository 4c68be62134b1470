"""A month against an ordinary one."""

from datetime import date

from sales.profile.season import season_of


def test_season_is_each_month_against_the_mean_of_all_months() -> None:
    days = [(date(2024, month, 5), 1) for month in range(1, 13)] + [(date(2024, 11, 20), 6)]
    season = season_of(sorted(days))
    assert season is not None
    assert (season.high, season.low) == (11, 1)
    assert season.ratios[11] == 4.67  # 7 purchases where 18 in 12 months are 1.5 each
    assert season.ratios[1] == 0.67


def test_season_counts_a_month_by_the_years_it_occurred_in() -> None:
    days = [(date(2023, 12, 1), 4), (date(2024, 6, 1), 9), (date(2024, 12, 1), 6)]
    season = season_of(days)
    assert season is not None
    assert season.ratios[12] == round(5 / (19 / 13), 2)
    assert season.ratios[6] == round(9 / (19 / 13), 2)
    assert season.ratios[3] == 0


def test_season_needs_a_year_and_twelve_purchases() -> None:
    assert season_of([]) is None
    assert season_of([(date(2024, 1, 1), 6), (date(2024, 12, 1), 5)]) is None
    assert season_of([(date(2024, 1, 1), 6), (date(2024, 11, 1), 6)]) is None
    assert season_of([(date(2024, 1, 1), 6), (date(2024, 12, 1), 6)]) is not None
