require "json"

package = JSON.parse(File.read(File.join(__dir__, "package.json")))

Pod::Spec.new do |s|
  # The name of the module, too: `import KivyxOta` in AppDelegate.swift.
  s.name = "KivyxOta"
  s.version = package["version"]
  s.summary = package["description"]
  s.homepage = package["repository"]["url"].sub(/\Agit\+/, "")
  s.license = package["license"]
  s.authors = "Kivyx OTA"
  s.source = { :git => s.homepage, :tag => "v#{s.version}" }
  s.platforms = { :ios => min_ios_version_supported }

  s.source_files = "ios/{core,glue,react}/*.{h,m,mm}"
  s.public_header_files = "ios/glue/KivyxOta.h"
  # What of Apple's "required reason" list the code calls, and why: an app is refused without it.
  s.resource_bundles = { "KivyxOtaPrivacy" => ["ios/PrivacyInfo.xcprivacy"] }
  # The boot code counts its references by itself, so that it also runs where it is tested. What includes generated C++ does not.
  s.requires_arc = "ios/react/*.mm"
  s.pod_target_xcconfig = { "DEFINES_MODULE" => "YES" }

  install_modules_dependencies(s)
end
