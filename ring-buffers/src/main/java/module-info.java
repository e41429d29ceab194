/** Bounded lock-free rings and the idle strategies of the threads that read them. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Agrona has no module descriptor.
module io.millrace.ring {
    requires transitive org.agrona;

    exports io.millrace.ring;
}
