require "json"

package = JSON.parse(File.read(File.join(__dir__, "package.json")))

Pod::Spec.new do |s|
  s.name = "KivyxOtaExpo"
  s.version = package["version"]
  s.summary = package["description"]
  s.homepage = package["repository"]["url"].sub(/\Agit\+/, "")
  s.license = package["license"]
  s.authors = "Kivyx OTA"
  s.source = { :git => s.homepage, :tag => "v#{s.version}" }
  s.platforms = { :ios => min_ios_version_supported }
  s.swift_version = "5.9"
  s.static_framework = true

  s.source_files = "ios/*.swift"
  s.pod_target_xcconfig = { "DEFINES_MODULE" => "YES" }

  s.dependency "ExpoModulesCore"
  s.dependency "KivyxOta"
end
