"""The journal of actions (журнал действий): who changed what, when; AUD-001."""
