#include "hub/serve/odata/metadata_document.hpp"

#include "base/json_writer.hpp"

namespace sendhub::serve::odata {
namespace {

void append_xml(std::string& out, std::string_view text) {
    for (const char c : text) switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                // XML 1.0 has no way to write control characters.
                if (static_cast<unsigned char>(c) >= 0x20) out += c;
        }
}

bool is_nullable(const Field& field) { return field.nullable && field.name != "row_key"; }

}  // namespace

std::string_view edm_type(FieldType type) {
    switch (type) {
        case FieldType::string:
            return "Edm.String";
        case FieldType::boolean:
            return "Edm.Boolean";
        case FieldType::int64:
            return "Edm.Int64";
        case FieldType::int32:
            return "Edm.Int32";
        case FieldType::decimal:
            return "Edm.Decimal";
        case FieldType::date:
            return "Edm.Date";
        case FieldType::timestamp:
            return "Edm.DateTimeOffset";
    }
    return "Edm.String";
}

std::string service_document(const std::vector<const Dataset*>& datasets, std::string_view service_url,
                             JsonStyle style) {
    JsonWriter json;
    json.begin_object();
    if (style.metadata != Metadata::none)
        json.field("@odata.context", std::string(service_url) + "$metadata");
    json.key("value").begin_array();
    for (const Dataset* dataset : datasets)
        json.begin_object()
            .field("name", dataset->name)
            .field("kind", "EntitySet")
            .field("url", dataset->name)
            .field("title", dataset->title)
            .end_object();
    json.end_array().end_object();
    return json.take();
}

std::string metadata_xml(const std::vector<const Dataset*>& datasets) {
    std::string xml =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">"
        "<edmx:Reference "
        "Uri=\"https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml\">"
        "<edmx:Include Namespace=\"Org.OData.Core.V1\" Alias=\"Core\"/></edmx:Reference><edmx:DataServices>"
        "<Schema Namespace=\"sendhub\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">";
    for (const Dataset* dataset : datasets) {
        xml.append("<EntityType Name=\"")
            .append(dataset->name)
            .append("\"><Key><PropertyRef Name=\"row_key\"/></Key>");
        for (const Field& field : dataset->fields) {
            xml.append("<Property Name=\"")
                .append(field.name)
                .append("\" Type=\"")
                .append(edm_type(field.type))
                .append("\" Nullable=\"");
            xml.append(is_nullable(field) ? "true" : "false").append("\"");
            if (field.type == FieldType::decimal)
                xml.append(" Precision=\"")
                    .append(std::to_string(field.precision))
                    .append("\" Scale=\"")
                    .append(std::to_string(field.scale))
                    .append("\"");
            if (field.type == FieldType::timestamp) xml += " Precision=\"3\"";
            if (field.title.empty()) {
                xml += "/>";
            } else {
                xml += "><Annotation Term=\"Core.Description\" String=\"";
                append_xml(xml, field.title);
                xml += "\"/></Property>";
            }
        }
        xml += "</EntityType>";
    }
    xml += "<EntityContainer Name=\"Container\">";
    for (const Dataset* dataset : datasets) {
        xml.append("<EntitySet Name=\"")
            .append(dataset->name)
            .append("\" EntityType=\"sendhub.")
            .append(dataset->name)
            .append("\">");
        xml += "<Annotation Term=\"Core.Description\" String=\"";
        append_xml(xml, dataset->title);
        xml += "\"/></EntitySet>";
    }
    return xml + "</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>";
}

std::string metadata_json(const std::vector<const Dataset*>& datasets) {
    JsonWriter json;
    json.begin_object().field("$Version", "4.0").field("$EntityContainer", "sendhub.Container");
    json.key("$Reference")
        .begin_object()
        .key("https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.json")
        .begin_object();
    json.key("$Include")
        .begin_array()
        .begin_object()
        .field("$Namespace", "Org.OData.Core.V1")
        .field("$Alias", "Core")
        .end_object()
        .end_array();
    json.end_object().end_object().key("sendhub").begin_object();
    for (const Dataset* dataset : datasets) {
        json.key(dataset->name)
            .begin_object()
            .field("$Kind", "EntityType")
            .key("$Key")
            .begin_array()
            .value("row_key")
            .end_array();
        for (const Field& field : dataset->fields) {
            json.key(field.name).begin_object();
            if (field.type != FieldType::string) json.field("$Type", edm_type(field.type));
            if (is_nullable(field)) json.field("$Nullable", true);
            if (field.type == FieldType::decimal)
                json.field("$Precision", unsigned{field.precision}).field("$Scale", unsigned{field.scale});
            if (field.type == FieldType::timestamp) json.field("$Precision", 3);
            if (!field.title.empty()) json.field("@Core.Description", field.title);
            json.end_object();
        }
        json.end_object();
    }
    json.key("Container").begin_object().field("$Kind", "EntityContainer");
    for (const Dataset* dataset : datasets)
        json.key(dataset->name)
            .begin_object()
            .field("$Collection", true)
            .field("$Type", "sendhub." + dataset->name)
            .field("@Core.Description", dataset->title)
            .end_object();
    json.end_object().end_object().end_object();
    return json.take();
}

}  // namespace sendhub::serve::odata
