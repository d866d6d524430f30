"""The closed lists that the tables draw on. Labels and definitions stand in `datasets/vocabulary/`, held equal by a test."""

from __future__ import annotations

AUTHORITIES = ("any", "federal", "state_local", "private")

FORMS = ("as published", "re-saved", "transcribed", "compiled", "third-party", "quoted", "summed")

_MEASURES = (
    "requests accounts_specified accounts_affected identifiers selectors requests_some_data requests_content requests_noncontent "
    "requests_no_data requests_rejected requests_challenged requests_processed share_some_data share_content share_noncontent "
    "share_no_data share_rejected nondisclosure_orders nondisclosure_share users_notified users_not_notified accounts_preserved orders "
    "targets letters queries persons share_of_requests share_notified share_not_notified indefinite_nondisclosure_share "
    "accounts_notified accounts_disclosed accounts_content accounts_noncontent accounts_no_data accounts_rejected gags_lifted "
    "information_orders"
)
MEASURES = tuple(_MEASURES.split())
# `requests_processed`: Korean reports count what was dealt with, replies that there are no data among them.
# `persons`: people counted by DOJ in national security letters, who are neither targets nor accounts.

_SHARES = (
    "share_some_data share_content share_noncontent share_no_data share_rejected nondisclosure_share share_of_requests share_notified "
    "share_not_notified indefinite_nondisclosure_share"
)
SHARES = tuple(_SHARES.split())

SECRECY = ("nondisclosure_orders", "nondisclosure_share", "indefinite_nondisclosure_share", "users_not_notified", "gags_lifted", "letters")
"""Measures of what may not be told, beside which stands how long gags lasted."""

_REQUEST_TYPES = (
    "all legal warrant subpoena court_order pen_register wiretap emergency preservation nsl fisa_content fisa_noncontent fisa_702 "
    "national_security uk_ipa uk_ipa_content uk_ipa_noncontent mlat civil informal device account financial_identifier push_token other "
    "fisa warrant_content warrant_noncontent warrant_historic warrant_realtime location"
)
REQUEST_TYPES = tuple(_REQUEST_TYPES.split())
RUNNING = ("fisa_content", "fisa_noncontent", "national_security", "uk_ipa", "uk_ipa_content", "uk_ipa_noncontent")
"""Kinds of demand counted in every half-year in which they run, so that halves are not added (letters are counted once)."""
# `fisa_702` (one order, many targets) is apart from `fisa_content`: targets of the one are no selectors of the other.
