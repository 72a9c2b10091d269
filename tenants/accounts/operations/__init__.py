"""Writing accounts: opening, roles, ways in, blocking. One use case a function."""

from tenants.accounts.operations.accounts import (
    give_role,
    keep_appearance,
    login_base,
    open_account,
    take_role,
)
from tenants.accounts.operations.activation import (
    ActivationCodeIsOfNoUse,
    activate,
    issue_activation_code,
)
from tenants.accounts.operations.blocking import block_account, unblock_account
from tenants.accounts.operations.compromise import (
    NoticeIsAhead,
    freeze_account,
    unfreeze_account,
)
from tenants.accounts.operations.contacts import (
    AddressIsUnreadable,
    ContactCodeIsWrong,
    Parcel,
    add_contact,
    confirm_contact,
    drop_contact,
    forget_contacts_of_departed,
    prepare_contact_code,
)
from tenants.accounts.operations.factor import (
    CodeIsWrong,
    begin_second_factor,
    confirm_second_factor,
    drop_second_factor,
    find_set_up,
    pass_second_factor,
    renew_paper_codes,
    take_factor_off,
)
from tenants.accounts.operations.passwords import (
    PresentPasswordIsWrong,
    change_password,
    check_present_password,
    choose_password,
    set_password,
)
from tenants.accounts.operations.reset import (
    ResetCodeIsWrong,
    ask_reset,
    give_try_back,
    prepare_reset_code,
    reset_password,
    take_reset_code,
    wipe_reset_requests,
)
from tenants.accounts.operations.sessions import (
    confirm_session,
    end_other_sessions,
    end_session,
    end_sessions,
)

__all__ = [
    "ActivationCodeIsOfNoUse",
    "AddressIsUnreadable",
    "CodeIsWrong",
    "ContactCodeIsWrong",
    "NoticeIsAhead",
    "Parcel",
    "PresentPasswordIsWrong",
    "ResetCodeIsWrong",
    "activate",
    "add_contact",
    "ask_reset",
    "begin_second_factor",
    "block_account",
    "change_password",
    "check_present_password",
    "choose_password",
    "confirm_contact",
    "confirm_second_factor",
    "confirm_session",
    "drop_contact",
    "drop_second_factor",
    "end_other_sessions",
    "end_session",
    "end_sessions",
    "find_set_up",
    "forget_contacts_of_departed",
    "freeze_account",
    "give_role",
    "give_try_back",
    "issue_activation_code",
    "keep_appearance",
    "login_base",
    "open_account",
    "pass_second_factor",
    "prepare_contact_code",
    "prepare_reset_code",
    "renew_paper_codes",
    "reset_password",
    "set_password",
    "take_factor_off",
    "take_reset_code",
    "take_role",
    "unblock_account",
    "unfreeze_account",
    "wipe_reset_requests",
]
