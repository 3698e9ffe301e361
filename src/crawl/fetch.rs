//! Fetchers: one request, one exchange or one reason.
