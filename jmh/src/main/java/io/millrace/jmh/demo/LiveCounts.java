package io.millrace.jmh.demo;

/**
 * What the load's transports had counted at one moment.
 *
 * @param timeNs        of the moment, on any clock that does not go back.
 * @param timeMs        of the moment, since 1970.
 * @param flatOut       whether the senders send as fast as they can.
 * @param messages      that the server received.
 * @param bytes         of those.
 * @param backPressured offers that found a ring full.
 * @param connections   that live at the server.
 * @param opened        connections that became ready at the server.
 * @param resumed       of those, the ones that resumed a TLS session.
 * @param missing       records that a gap in a sequence shows missing.
 * @param corrupted     records whose checksum does not fit.
 * @param viewers       of the page.
 * @param missed        messages to viewers that were too slow for them.
 */
record LiveCounts(
        long timeNs,
        long timeMs,
        boolean flatOut,
        long messages,
        long bytes,
        long backPressured,
        int connections,
        long opened,
        long resumed,
        long missing,
        long corrupted,
        int viewers,
        long missed) {}
