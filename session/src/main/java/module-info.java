/** Immutable snapshots of what a session knows. */
module io.millrace.session {
    requires transitive io.millrace.ring;

    exports io.millrace.session;
}
