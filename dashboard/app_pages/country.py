"""A country as a requester: what each reporter counted of its requests, and what was said of it."""

import streamlit as st

from dashboard.answers import profiles
from dashboard.app_pages import parts, profile_parts
from dashboard.model.intervals import number
from dashboard.web.session import library

names = library().names
requester = profile_parts.choose_one(st, "Country", profiles.countries(library().data), names.requester, also=("requester", "country"))
profile = library().country_profile(requester)

parts.name_page(names.requester(requester))
st.title(names.requester(requester))
if profile is None:
    st.info("No reporter prints a total of this country's requests; its numbers are of single kinds.")
    parts.page_link("See them on Explore", f"/explore?requester={requester}&shape=table")
    st.stop()
if profile.people is None:
    st.markdown("No population is held for it, so nothing is said per inhabitant.")
else:
    st.markdown(f"{number(profile.people['people'])} inhabitants in {int(profile.people['year'])} (World Bank).")
parts.page_link("See its requests on Explore", profiles.address_of_country(profile))
profile_parts.show_series(library().panels("requester", requester, parts.is_dark()), f"country-{requester}")
profile_parts.show_latest(profile.latest, "reporter")
profile_parts.show_folded("What was said about it", profile_parts.show_statements, profile.statements)
profile_parts.show_addresses("requester", requester)
