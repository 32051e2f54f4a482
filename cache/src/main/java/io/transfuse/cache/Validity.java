package io.transfuse.cache;

/** How long a fact may be used. */
public enum Validity {
    /** The host tells when it changes. */
    UNTIL_INVALIDATED,
    /** The host cannot tell: for a time-to-live. */
    TIME_TO_LIVE,
    /** Not at all. */
    NEVER
}
