/**
 * Shows a closed period to finance.
 *
 * <h2>Owns</h2> the summary page and its chart.
 * <h2>Does not own</h2> the figures: whoever asks the database formats them.
 * <h2>Always true</h2>
 * <ul><li>The page stands alone: no script, no font and no picture is fetched from anywhere.
 *     <li>A figure that does not tie out is marked as such on the page.</ul>
 */
@ApplicationModule(allowedDependencies = {"template"})
@NullMarked
package io.postpaid.report;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
