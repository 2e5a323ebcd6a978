/**
 * Traces by OpenTelemetry, where {@code OTEL_EXPORTER_OTLP_ENDPOINT} says to whom.
 *
 * <h2>Owns</h2>
 * OpenTelemetry's SDK, and the spans of runs and their steps.
 *
 * <h2>Does not own</h2>
 * the spans of HTTP calls (web).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Without the setting nothing of OpenTelemetry is loaded.
 *   <li>A span names what the program does, and nobody for whom: no account, no amount, no address.
 *   <li>Who receives traces can delay nothing and fail nothing.
 * </ul>
 */
@NullMarked
package io.postpaid.platform.trace;

import org.jspecify.annotations.NullMarked;
