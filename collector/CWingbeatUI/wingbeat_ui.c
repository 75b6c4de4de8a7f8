// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "wingbeat_ui.h"

// Each file of ../ui becomes part of the binary.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char index_html[] = {
#embed "../ui/index.html"
};
static const unsigned char compare_css[] = {
#embed "../ui/compare.css"
};
static const unsigned char search_css[] = {
#embed "../ui/search.css"
};
static const unsigned char services_css[] = {
#embed "../ui/services.css"
};
static const unsigned char span_detail_css[] = {
#embed "../ui/span-detail.css"
};
static const unsigned char sql_css[] = {
#embed "../ui/sql.css"
};
static const unsigned char style_css[] = {
#embed "../ui/style.css"
};
static const unsigned char trace_css[] = {
#embed "../ui/trace.css"
};
static const unsigned char favicon_svg[] = {
#embed "../ui/favicon.svg"
};
static const unsigned char api_js[] = {
#embed "../ui/api.js"
};
static const unsigned char app_js[] = {
#embed "../ui/app.js"
};
static const unsigned char compare_view_js[] = {
#embed "../ui/compare-view.js"
};
static const unsigned char dependencies_view_js[] = {
#embed "../ui/dependencies-view.js"
};
static const unsigned char dependency_graph_js[] = {
#embed "../ui/dependency-graph.js"
};
static const unsigned char dom_js[] = {
#embed "../ui/dom.js"
};
static const unsigned char exclusions_js[] = {
#embed "../ui/exclusions.js"
};
static const unsigned char first_span_js[] = {
#embed "../ui/first-span.js"
};
static const unsigned char format_js[] = {
#embed "../ui/format.js"
};
static const unsigned char graph_layout_js[] = {
#embed "../ui/graph-layout.js"
};
static const unsigned char live_view_js[] = {
#embed "../ui/live-view.js"
};
static const unsigned char operation_table_js[] = {
#embed "../ui/operation-table.js"
};
static const unsigned char query_box_js[] = {
#embed "../ui/query-box.js"
};
static const unsigned char query_terms_js[] = {
#embed "../ui/query-terms.js"
};
static const unsigned char route_js[] = {
#embed "../ui/route.js"
};
static const unsigned char scatter_plot_js[] = {
#embed "../ui/scatter-plot.js"
};
static const unsigned char search_form_js[] = {
#embed "../ui/search-form.js"
};
static const unsigned char search_view_js[] = {
#embed "../ui/search-view.js"
};
static const unsigned char search_words_js[] = {
#embed "../ui/search-words.js"
};
static const unsigned char service_js[] = {
#embed "../ui/service.js"
};
static const unsigned char services_view_js[] = {
#embed "../ui/services-view.js"
};
static const unsigned char shortcuts_js[] = {
#embed "../ui/shortcuts.js"
};
static const unsigned char sparkline_js[] = {
#embed "../ui/sparkline.js"
};
static const unsigned char sql_chart_js[] = {
#embed "../ui/sql-chart.js"
};
static const unsigned char sql_examples_js[] = {
#embed "../ui/sql-examples.js"
};
static const unsigned char sql_view_js[] = {
#embed "../ui/sql-view.js"
};
static const unsigned char status_corner_js[] = {
#embed "../ui/status-corner.js"
};
static const unsigned char time_range_js[] = {
#embed "../ui/time-range.js"
};
static const unsigned char time_select_js[] = {
#embed "../ui/time-select.js"
};
static const unsigned char trace_list_js[] = {
#embed "../ui/trace-list.js"
};
static const unsigned char trace_view_js[] = {
#embed "../ui/trace-view.js"
};
static const unsigned char trace_axis_js[] = {
#embed "../ui/trace/axis.js"
};
static const unsigned char trace_bars_js[] = {
#embed "../ui/trace/bars.js"
};
static const unsigned char trace_compare_table_js[] = {
#embed "../ui/trace/compare-table.js"
};
static const unsigned char trace_compare_js[] = {
#embed "../ui/trace/compare.js"
};
static const unsigned char trace_detail_parts_js[] = {
#embed "../ui/trace/detail-parts.js"
};
static const unsigned char trace_detail_js[] = {
#embed "../ui/trace/detail.js"
};
static const unsigned char trace_family_js[] = {
#embed "../ui/trace/family.js"
};
static const unsigned char trace_flame_paths_js[] = {
#embed "../ui/trace/flame-paths.js"
};
static const unsigned char trace_flame_js[] = {
#embed "../ui/trace/flame.js"
};
static const unsigned char trace_folds_js[] = {
#embed "../ui/trace/folds.js"
};
static const unsigned char trace_gestures_js[] = {
#embed "../ui/trace/gestures.js"
};
static const unsigned char trace_groups_js[] = {
#embed "../ui/trace/groups.js"
};
static const unsigned char trace_header_js[] = {
#embed "../ui/trace/header.js"
};
static const unsigned char trace_keys_js[] = {
#embed "../ui/trace/keys.js"
};
static const unsigned char trace_load_js[] = {
#embed "../ui/trace/load.js"
};
static const unsigned char trace_minimap_js[] = {
#embed "../ui/trace/minimap.js"
};
static const unsigned char trace_model_js[] = {
#embed "../ui/trace/model.js"
};
static const unsigned char trace_otlp_js[] = {
#embed "../ui/trace/otlp.js"
};
static const unsigned char trace_palette_js[] = {
#embed "../ui/trace/palette.js"
};
static const unsigned char trace_row_window_js[] = {
#embed "../ui/trace/row-window.js"
};
static const unsigned char trace_row_js[] = {
#embed "../ui/trace/row.js"
};
static const unsigned char trace_rows_js[] = {
#embed "../ui/trace/rows.js"
};
static const unsigned char trace_table_js[] = {
#embed "../ui/trace/table.js"
};
static const unsigned char trace_tags_js[] = {
#embed "../ui/trace/tags.js"
};
static const unsigned char trace_times_js[] = {
#embed "../ui/trace/times.js"
};
static const unsigned char trace_toolbar_js[] = {
#embed "../ui/trace/toolbar.js"
};
static const unsigned char trace_trace_search_js[] = {
#embed "../ui/trace/trace-search.js"
};
static const unsigned char trace_tree_keys_js[] = {
#embed "../ui/trace/tree-keys.js"
};
static const unsigned char trace_waterfall_js[] = {
#embed "../ui/trace/waterfall.js"
};
static const unsigned char trace_zoom_js[] = {
#embed "../ui/trace/zoom.js"
};
static const unsigned char upload_js[] = {
#embed "../ui/upload.js"
};
static const unsigned char widgets_js[] = {
#embed "../ui/widgets.js"
};

#define HTML_TYPE "text/html; charset=utf-8"
#define CSS_TYPE "text/css; charset=utf-8"
#define JS_TYPE "text/javascript; charset=utf-8"
#define SVG_TYPE "image/svg+xml"
#define ASSET(name, symbol, type) {name, type, symbol, sizeof symbol}

static const struct wingbeat_asset assets[] = {
    ASSET("index.html", index_html, HTML_TYPE),
    ASSET("compare.css", compare_css, CSS_TYPE),
    ASSET("search.css", search_css, CSS_TYPE),
    ASSET("services.css", services_css, CSS_TYPE),
    ASSET("span-detail.css", span_detail_css, CSS_TYPE),
    ASSET("sql.css", sql_css, CSS_TYPE),
    ASSET("style.css", style_css, CSS_TYPE),
    ASSET("trace.css", trace_css, CSS_TYPE),
    ASSET("favicon.svg", favicon_svg, SVG_TYPE),
    ASSET("api.js", api_js, JS_TYPE),
    ASSET("app.js", app_js, JS_TYPE),
    ASSET("compare-view.js", compare_view_js, JS_TYPE),
    ASSET("dependencies-view.js", dependencies_view_js, JS_TYPE),
    ASSET("dependency-graph.js", dependency_graph_js, JS_TYPE),
    ASSET("dom.js", dom_js, JS_TYPE),
    ASSET("exclusions.js", exclusions_js, JS_TYPE),
    ASSET("first-span.js", first_span_js, JS_TYPE),
    ASSET("format.js", format_js, JS_TYPE),
    ASSET("graph-layout.js", graph_layout_js, JS_TYPE),
    ASSET("live-view.js", live_view_js, JS_TYPE),
    ASSET("operation-table.js", operation_table_js, JS_TYPE),
    ASSET("query-box.js", query_box_js, JS_TYPE),
    ASSET("query-terms.js", query_terms_js, JS_TYPE),
    ASSET("route.js", route_js, JS_TYPE),
    ASSET("scatter-plot.js", scatter_plot_js, JS_TYPE),
    ASSET("search-form.js", search_form_js, JS_TYPE),
    ASSET("search-view.js", search_view_js, JS_TYPE),
    ASSET("search-words.js", search_words_js, JS_TYPE),
    ASSET("service.js", service_js, JS_TYPE),
    ASSET("services-view.js", services_view_js, JS_TYPE),
    ASSET("shortcuts.js", shortcuts_js, JS_TYPE),
    ASSET("sparkline.js", sparkline_js, JS_TYPE),
    ASSET("sql-chart.js", sql_chart_js, JS_TYPE),
    ASSET("sql-examples.js", sql_examples_js, JS_TYPE),
    ASSET("sql-view.js", sql_view_js, JS_TYPE),
    ASSET("status-corner.js", status_corner_js, JS_TYPE),
    ASSET("time-range.js", time_range_js, JS_TYPE),
    ASSET("time-select.js", time_select_js, JS_TYPE),
    ASSET("trace-list.js", trace_list_js, JS_TYPE),
    ASSET("trace-view.js", trace_view_js, JS_TYPE),
    ASSET("trace/axis.js", trace_axis_js, JS_TYPE),
    ASSET("trace/bars.js", trace_bars_js, JS_TYPE),
    ASSET("trace/compare-table.js", trace_compare_table_js, JS_TYPE),
    ASSET("trace/compare.js", trace_compare_js, JS_TYPE),
    ASSET("trace/detail-parts.js", trace_detail_parts_js, JS_TYPE),
    ASSET("trace/detail.js", trace_detail_js, JS_TYPE),
    ASSET("trace/family.js", trace_family_js, JS_TYPE),
    ASSET("trace/flame-paths.js", trace_flame_paths_js, JS_TYPE),
    ASSET("trace/flame.js", trace_flame_js, JS_TYPE),
    ASSET("trace/folds.js", trace_folds_js, JS_TYPE),
    ASSET("trace/gestures.js", trace_gestures_js, JS_TYPE),
    ASSET("trace/groups.js", trace_groups_js, JS_TYPE),
    ASSET("trace/header.js", trace_header_js, JS_TYPE),
    ASSET("trace/keys.js", trace_keys_js, JS_TYPE),
    ASSET("trace/load.js", trace_load_js, JS_TYPE),
    ASSET("trace/minimap.js", trace_minimap_js, JS_TYPE),
    ASSET("trace/model.js", trace_model_js, JS_TYPE),
    ASSET("trace/otlp.js", trace_otlp_js, JS_TYPE),
    ASSET("trace/palette.js", trace_palette_js, JS_TYPE),
    ASSET("trace/row-window.js", trace_row_window_js, JS_TYPE),
    ASSET("trace/row.js", trace_row_js, JS_TYPE),
    ASSET("trace/rows.js", trace_rows_js, JS_TYPE),
    ASSET("trace/table.js", trace_table_js, JS_TYPE),
    ASSET("trace/tags.js", trace_tags_js, JS_TYPE),
    ASSET("trace/times.js", trace_times_js, JS_TYPE),
    ASSET("trace/toolbar.js", trace_toolbar_js, JS_TYPE),
    ASSET("trace/trace-search.js", trace_trace_search_js, JS_TYPE),
    ASSET("trace/tree-keys.js", trace_tree_keys_js, JS_TYPE),
    ASSET("trace/waterfall.js", trace_waterfall_js, JS_TYPE),
    ASSET("trace/zoom.js", trace_zoom_js, JS_TYPE),
    ASSET("upload.js", upload_js, JS_TYPE),
    ASSET("widgets.js", widgets_js, JS_TYPE),
};

size_t wingbeat_asset_count(void) { return sizeof assets / sizeof assets[0]; }

const struct wingbeat_asset *wingbeat_asset_at(size_t index) {
    return index < wingbeat_asset_count() ? &assets[index] : NULL;
}
