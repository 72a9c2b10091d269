"""Notices (уведомления): said once to each account, in the portal, and by e-mail if it may go."""
