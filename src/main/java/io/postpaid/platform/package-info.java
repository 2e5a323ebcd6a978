/**
 * What every wing stands on.
 *
 * <h2>Owns</h2>
 * calendar and clock, amounts and currencies, the folder of an installation, files, templates, and the making of runs and steps.
 *
 * <h2>Does not own</h2>
 * any rule of billing: it knows no other wing.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Nothing here reads or writes a table of another wing.
 * </ul>
 */
@ApplicationModule(
        type = ApplicationModule.Type.OPEN,
        allowedDependencies = {})
@NullMarked
package io.postpaid.platform;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
