/** Immutable snapshots of what a session knows. */
module io.millrace.session {
    requires io.millrace.ring;

    exports io.millrace.session;
}
