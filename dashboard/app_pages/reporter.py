"""A reporter: its series, its latest numbers, its rhythm, its words, what it changed, what was said of it, its documents."""

from datetime import date

import streamlit as st

from dashboard.answers import profiles
from dashboard.app_pages import parts, profile_parts
from dashboard.web.session import library

names = library().names
reporter = profile_parts.choose_one(st, "Reporter", profiles.reporters(library().data), names.reporter, also=("reporter",))
profile = library().reporter_profile(reporter, date.today())

parts.name_page(names.reporter(reporter))
st.title(names.reporter(reporter))
kind, home, report = profile.entry["kind"], names.requester(profile.entry["country"]), profile.entry["report"]
st.markdown(f"{str(kind).capitalize()} · {parts.markdown(home)} · {parts.linked(report, profile.entry['url'])}")
profile_parts.show_series(library().panels("reporter", reporter, parts.is_dark()), f"reporter-{reporter}")
profile_parts.show_latest(profile.latest, "requester")
profile_parts.show_noughts(reporter)
profile_parts.show_rhythm(profile)
profile_parts.show_changes(profile)
profile_parts.show_folded("What was said about it", profile_parts.show_statements, profile.statements)
profile_parts.show_folded("What it means by its words", profile_parts.show_definitions, profile.definitions)
breaks = profile.breaks.drop_duplicates(["date", "label", "change", "effect"])
profile_parts.show_folded("Breaks in its series", profile_parts.show_breaks, breaks)
profile_parts.show_folded("Its documents", profile_parts.show_documents, profile.documents)
profile_parts.show_addresses("reporter", reporter)
